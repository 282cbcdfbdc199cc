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

# parley_add_test(name SOURCES ... LIBRARIES ...): a GoogleTest program, each case a ctest test with
# the program's name as its label.
function(parley_add_test name)
  if(NOT PARLEY_TESTS)
    return()
  endif()
  cmake_parse_arguments(arg "" "" "SOURCES;LIBRARIES" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  parley_warnings(${name})
  target_link_libraries(${name} PRIVATE ${arg_LIBRARIES} GTest::gtest_main)
  include(GoogleTest)
  gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60
    PROPERTIES LABELS ${name})
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
