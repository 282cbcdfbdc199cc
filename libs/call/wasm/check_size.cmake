# cmake -DFILE=... -DLIMIT=... -P check_size.cmake: fails if FILE is over LIMIT bytes when gzipped, as
# a server sends it.
file(ARCHIVE_CREATE OUTPUT ${FILE}.size.gz PATHS ${FILE}
  FORMAT raw COMPRESSION GZip COMPRESSION_LEVEL 9)
file(SIZE ${FILE}.size.gz size)
file(REMOVE ${FILE}.size.gz)
message(STATUS "${FILE}: ${size} bytes gzipped")
if(size GREATER LIMIT)
  message(FATAL_ERROR "over the limit of ${LIMIT}")
endif()
