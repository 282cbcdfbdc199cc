# cmake -P run.cmake -- COMMAND...: runs a GoogleTest program; fails if it does or if it ran no test.
math(EXPR last "${CMAKE_ARGC} - 1")
set(command "")
foreach(index RANGE 4 ${last})
  list(APPEND command ${CMAKE_ARGV${index}})
endforeach()
execute_process(COMMAND ${command}
  OUTPUT_VARIABLE output ECHO_OUTPUT_VARIABLE COMMAND_ERROR_IS_FATAL ANY)
if(NOT output MATCHES "\\[  PASSED  \\] [1-9][0-9]* test")
  message(FATAL_ERROR "no test was run")
endif()
