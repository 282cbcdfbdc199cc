# How a room reaches a stranger's find_package(parley COMPONENTS ...). Each is an install component
# and an export set of its own, so that one can be installed and found without the rest.

include(CMakePackageConfigHelpers)

set(PARLEY_PACKAGE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/parley)
configure_package_config_file(
  ${CMAKE_CURRENT_LIST_DIR}/parleyConfig.cmake.in ${PROJECT_BINARY_DIR}/parleyConfig.cmake
  INSTALL_DESTINATION ${PARLEY_PACKAGE_DIR}
  NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(
  ${PROJECT_BINARY_DIR}/parleyConfigVersion.cmake COMPATIBILITY SameMinorVersion)

# parley_install_library(name libraries...): installs and exports the target parley_NAME, and notes
# for whoever finds it what `libraries` need in turn.
function(parley_install_library name)
  set(before "")
  foreach(library IN LISTS ARGN)
    if(library MATCHES "^parley::(.*)$")
      string(APPEND before "include(\${CMAKE_CURRENT_LIST_DIR}/parley-${CMAKE_MATCH_1}.cmake)\n")
    elseif(library MATCHES "^([A-Za-z0-9_]+)::")
      string(APPEND before "find_dependency(${CMAKE_MATCH_1})\n")
    endif()
  endforeach()
  file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/parley-${name}.cmake @ONLY CONTENT
"# What parley::@name@ needs, and then itself.
include(CMakeFindDependencyMacro)
@before@include(\${CMAKE_CURRENT_LIST_DIR}/parley-@name@-targets.cmake)
")

  install(TARGETS parley_${name} EXPORT parley-${name}
    ARCHIVE COMPONENT ${name}
    INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
  install(DIRECTORY include/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT ${name})
  install(EXPORT parley-${name} FILE parley-${name}-targets.cmake NAMESPACE parley::
    DESTINATION ${PARLEY_PACKAGE_DIR} COMPONENT ${name})
  install(FILES
    ${PROJECT_BINARY_DIR}/parley-${name}.cmake
    ${PROJECT_BINARY_DIR}/parleyConfig.cmake
    ${PROJECT_BINARY_DIR}/parleyConfigVersion.cmake
    DESTINATION ${PARLEY_PACKAGE_DIR} COMPONENT ${name})
endfunction()
