// musl has this call since 1.2.4, Debian 12 an older one. The same as there, less its way out for kernels before 4.11.
#define _GNU_SOURCE
#include <sys/syscall.h>
#include <unistd.h>

int statx(int directory, const char *path, int flags, unsigned mask, void *status)
{
    return syscall(SYS_statx, directory, path, flags, mask, status);
}
