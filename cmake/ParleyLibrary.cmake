# One function for each kind of target, so that a room's CMakeLists.txt is a few lines and all rooms
# are built alike.

include(ParleyInstall)

# parley_add_library(name [SOURCES ...] [LIBRARIES ...] [PRIVATE_LIBRARIES ...]): a library of libs/.
# LIBRARIES states which of our libraries it may include; tools/check_layers guards the rest, because
# Debian puts every Boost header on the default path.
function(parley_add_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;LIBRARIES;PRIVATE_LIBRARIES" ${ARGN})
  if(arg_SOURCES)
    add_library(parley_${name} STATIC ${arg_SOURCES})
    set(scope PUBLIC)
    parley_warnings(parley_${name})
  else()
    add_library(parley_${name} INTERFACE)
    set(scope INTERFACE)
  endif()
  add_library(parley::${name} ALIAS parley_${name})
  set_target_properties(parley_${name} PROPERTIES EXPORT_NAME ${name})
  target_compile_features(parley_${name} ${scope} cxx_std_23)
  target_include_directories(parley_${name} ${scope}
    $<BUILD_INTERFACE:${CMAKE_CURRENT_SOURCE_DIR}/include>)
  target_link_libraries(parley_${name} ${scope} ${arg_LIBRARIES})
  if(arg_PRIVATE_LIBRARIES)
    target_link_libraries(parley_${name} PRIVATE ${arg_PRIVATE_LIBRARIES})
  endif()
  parley_install_library(${name} ${arg_LIBRARIES} ${arg_PRIVATE_LIBRARIES})
endfunction()

set(PARLEY_WARNINGS -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Werror)

# Warnings belong to our own targets, not to whoever links them.
function(parley_warnings target)
  target_compile_options(${target} PRIVATE ${PARLEY_WARNINGS})
  # g++ 12 believes that moving a std::expected reads the side that it does not hold; with the
  # sanitizers on, its manual says, this warning is not to be trusted anyway.
  target_compile_options(${target} PRIVATE
    $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
endfunction()

# parley_unite(united SOURCES...): writes one source with all SOURCES, which compiles in a third of the
# time: what they include is read once.
function(parley_unite united)
  set(unite ${PROJECT_SOURCE_DIR}/cmake/unite.cmake)
  cmake_path(GET united FILENAME name)
  add_custom_command(OUTPUT ${united}
    COMMAND ${CMAKE_COMMAND} -P ${unite} -- ${PROJECT_SOURCE_DIR} ${united} ${ARGN}
    DEPENDS ${ARGN} ${unite}
    COMMENT "Uniting sources in ${name}"
    VERBATIM)
endfunction()

# parley_add_test(name SOURCES ... LIBRARIES ...): a GoogleTest program, each case a ctest test with
# the program's name as its label. Under a sanitizer, where compiling and starting a process take long,
# the *_test.cpp are united and the program is one test of ctest.
function(parley_add_test name)
  if(NOT PARLEY_TESTS)
    return()
  endif()
  cmake_parse_arguments(arg "" "" "SOURCES;LIBRARIES" ${ARGN})
  if(CMAKE_CXX_FLAGS MATCHES "-fsanitize")
    set(tests ${arg_SOURCES})
    list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
    list(REMOVE_ITEM arg_SOURCES ${tests})
    parley_unite_in_eights(${name} ${tests})
    add_executable(${name} ${arg_SOURCES} ${${name}_united})
    # What the quoted includes of the tests are relative to. g++ takes tests in a united source for a
    # header's.
    list(TRANSFORM tests REPLACE "[^/]+$" "")
    target_include_directories(${name} PRIVATE ${tests})
    target_compile_options(${name} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
    add_test(NAME ${name} COMMAND ${name})
    set_tests_properties(${name} PROPERTIES
      LABELS ${name} TIMEOUT 600 FAIL_REGULAR_EXPRESSION "\\] 0 tests from")
  else()
    add_executable(${name} ${arg_SOURCES})
    include(GoogleTest)
    gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60
      PROPERTIES LABELS ${name})
  endif()
  parley_warnings(${name})
  target_link_libraries(${name} PRIVATE ${arg_LIBRARIES} GTest::gtest_main)
endfunction()

# parley_unite_in_eights(name sources...): as many united sources as that makes, listed in NAME_united.
# All in one would be compiled by one core while the other waits. A source that is alone is left as it is.
function(parley_unite_in_eights name)
  list(LENGTH ARGN count)
  math(EXPR last "${count} - 1")
  foreach(first RANGE 0 ${last} 8)
    list(SUBLIST ARGN ${first} 8 some)
    list(TRANSFORM some REPLACE "^([^/].*)$" "${CMAKE_CURRENT_SOURCE_DIR}/\\1")
    list(LENGTH some together)
    if(together GREATER 1)
      parley_unite(${CMAKE_CURRENT_BINARY_DIR}/${name}_${first}.cpp ${some})
      set(some ${CMAKE_CURRENT_BINARY_DIR}/${name}_${first}.cpp)
    endif()
    list(APPEND united ${some})
  endforeach()
  set(${name}_united ${united} PARENT_SCOPE)
endfunction()

# parley_add_fuzzer(name SOURCES ... LIBRARIES ...): a libFuzzer target. parley_fuzzers builds them all
# and nothing else, tools/fuzz runs them.
function(parley_add_fuzzer name)
  if(NOT PARLEY_FUZZ)
    return()
  endif()
  cmake_parse_arguments(arg "" "" "SOURCES;LIBRARIES" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/fuzzers)
  parley_warnings(${name})
  target_link_libraries(${name} PRIVATE ${arg_LIBRARIES})
  target_link_options(${name} PRIVATE -fsanitize=fuzzer)
  if(NOT TARGET parley_fuzzers)
    add_custom_target(parley_fuzzers)
  endif()
  add_dependencies(parley_fuzzers ${name})
endfunction()
