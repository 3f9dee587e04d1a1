# Package file for find_package(wslay). Defines the imported targets
#
#   wslay         the static library, or the shared one where only that is there
#   wslay_shared  the shared library, where it is there
#
# Every path is found from the place of this file, so the installed tree can be
# moved, and one file serves LIBDIR/cmake/wslay (make install) as well as
# share/cmake/wslay (cargo cinstall).

if(TARGET wslay OR TARGET wslay_shared)
  return()
endif()

# Sets `result` to the first of the directories given that holds `file`.
function(_wslay_find_dir result file)
  foreach(dir IN LISTS ARGN)
    get_filename_component(dir "${dir}" ABSOLUTE BASE_DIR "${CMAKE_CURRENT_LIST_DIR}")
    if(EXISTS "${dir}/${file}")
      set(${result} "${dir}" PARENT_SCOPE)
      return()
    endif()
  endforeach()
  set(${result} "" PARENT_SCOPE)
endfunction()

# The last entry is what `make install` was told, for an INCLUDEDIR elsewhere.
_wslay_find_dir(_wslay_include wslay/wslay.h
  ../../../include ../../../../include "@INCLUDEDIR@")

set(_wslay_libdirs ../.. ../../../lib/${CMAKE_LIBRARY_ARCHITECTURE})
if(CMAKE_SIZEOF_VOID_P EQUAL 8)
  list(APPEND _wslay_libdirs ../../../lib64)
endif()
list(APPEND _wslay_libdirs ../../../lib)
_wslay_find_dir(_wslay_static libwslay.a ${_wslay_libdirs})
_wslay_find_dir(_wslay_shared libwslay.so ${_wslay_libdirs})

function(_wslay_add target kind location)
  add_library(${target} ${kind} IMPORTED)
  set_target_properties(${target} PROPERTIES
    IMPORTED_LOCATION "${location}"
    INTERFACE_INCLUDE_DIRECTORIES "${_wslay_include}")
endfunction()

if(NOT _wslay_include)
  set(wslay_FOUND FALSE)
  set(wslay_NOT_FOUND_MESSAGE "wslay/wslay.h is not where ${CMAKE_CURRENT_LIST_FILE} expects it")
elseif(NOT _wslay_static AND NOT _wslay_shared)
  set(wslay_FOUND FALSE)
  set(wslay_NOT_FOUND_MESSAGE "no libwslay.a or libwslay.so near ${CMAKE_CURRENT_LIST_FILE}")
else()
  if(_wslay_static)
    _wslay_add(wslay STATIC "${_wslay_static}/libwslay.a")
    # As Libs.private in libwslay.pc.
    set_property(TARGET wslay PROPERTY INTERFACE_LINK_LIBRARIES ${CMAKE_DL_LIBS})
  else()
    _wslay_add(wslay SHARED "${_wslay_shared}/libwslay.so")
  endif()
  if(_wslay_shared)
    _wslay_add(wslay_shared SHARED "${_wslay_shared}/libwslay.so")
  endif()
endif()

unset(_wslay_include)
unset(_wslay_libdirs)
unset(_wslay_static)
unset(_wslay_shared)
