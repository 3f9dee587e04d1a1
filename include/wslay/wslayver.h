#ifndef WSLAYVER_H
#define WSLAYVER_H

/** The library's version. */
#define WSLAY_VERSION "1.2.0"

#endif /* WSLAYVER_H */
