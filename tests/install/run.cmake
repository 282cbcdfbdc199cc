# Installs into an empty prefix, then configures, builds and runs stranger/ against nothing else.
string(REPLACE "," ";" components "${COMPONENTS}")
string(REPLACE "," "\\;" rooms "${ROOMS}")

function(run)
  execute_process(COMMAND ${ARGN} COMMAND_ECHO STDOUT COMMAND_ERROR_IS_FATAL ANY)
endfunction()

file(REMOVE_RECURSE ${WORK})
if(components)
  foreach(component IN LISTS components)
    run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${WORK}/prefix --component ${component})
  endforeach()
else()
  run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${WORK}/prefix)
  run(${WORK}/prefix/bin/parley --version)
  if(EXISTS ${BUILD}/web/pages AND NOT EXISTS ${WORK}/prefix/share/parley/pages/index.html)
    message(FATAL_ERROR "The installed server has no pages")
  endif()
endif()
run(${CMAKE_COMMAND} -G Ninja -S ${CMAKE_CURRENT_LIST_DIR}/stranger -B ${WORK}/build
  -D CMAKE_CXX_COMPILER=${COMPILER}
  -D CMAKE_PREFIX_PATH=${WORK}/prefix
  -D "ROOMS=${rooms}")
run(${CMAKE_COMMAND} --build ${WORK}/build)
run(${CMAKE_CTEST_COMMAND} --test-dir ${WORK}/build --output-on-failure --no-tests=error)
