# cmake -P run.cmake -- PROGRAM SOURCE: runs an example; fails if it does, or if it prints anything else
# than the comment at the beginning of SOURCE says, below "It prints:".
set(program ${CMAKE_ARGV4})
file(READ ${CMAKE_ARGV5} source)
if(NOT source MATCHES "// It prints:\n((//   [^\n]*\n)+)")
  message(FATAL_ERROR "${CMAKE_ARGV5} does not say what it prints")
endif()
string(REGEX REPLACE "(^|\n)//   " "\\1" expected "${CMAKE_MATCH_1}")
execute_process(COMMAND ${program} OUTPUT_VARIABLE printed COMMAND_ERROR_IS_FATAL ANY)
if(NOT printed STREQUAL expected)
  message(FATAL_ERROR "printed:\n${printed}\nbut this was expected:\n${expected}")
endif()
