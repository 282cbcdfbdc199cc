# cmake -P unite.cmake -- ROOT UNITED SOURCES...: writes one source, UNITED, with all of SOURCES, which
# are below ROOT. Inside its anonymous namespace each gets one of its own, for two files may use one
# name there; and a main() becomes a function that nobody calls.
math(EXPR last "${CMAKE_ARGC} - 1")
set(all "")
foreach(index RANGE 6 ${last})
  set(source ${CMAKE_ARGV${index}})
  cmake_path(GET source STEM name)
  cmake_path(RELATIVE_PATH source BASE_DIRECTORY ${CMAKE_ARGV4} OUTPUT_VARIABLE shown)
  file(READ ${source} text)
  string(REPLACE "\nnamespace {\n" "\nnamespace { namespace in_${name} {\n" text "${text}")
  string(REPLACE "\n}  // namespace\n" "\n}}\n" text "${text}")
  string(REGEX REPLACE "\nint main\\(([^)]*)\\) {" "\nint main_of_${name}(\\1) { using namespace in_${name};" text "${text}")
  string(APPEND all "#line 1 \"${shown}\"\n${text}")
endforeach()
file(WRITE ${CMAKE_ARGV5} "${all}")
