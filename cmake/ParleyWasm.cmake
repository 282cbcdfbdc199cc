# How clang 19 and Debian's wasi-libc and libc++ make WebAssembly, whichever compiler builds the rest.
# Compile and link in two steps: in one, clang would run any wasm-opt on the PATH, and Debian's is too
# old for what it wrote.
find_program(PARLEY_WASM_COMPILER NAMES clang++-19 REQUIRED)

set(PARLEY_WASM_COMPILE ${PARLEY_WASM_COMPILER}
  --target=wasm32-wasi -std=c++23 -Oz -fno-exceptions -fno-rtti
  -isystem /usr/lib/llvm-19/include/wasm32-wasi/c++/v1 -isystem /usr/include/wasm32-wasi)
set(PARLEY_WASM_LINK ${PARLEY_WASM_COMPILER}
  --target=wasm32-wasi -L/usr/lib/llvm-19/lib/wasm32-wasi -L/usr/lib/wasm32-wasi)
