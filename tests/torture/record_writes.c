/* Preloaded into the server: what it writes to the database's files, and when that is on disk.
 * A record: kind (W write, T truncate, U unlink, F sync begins, S sync is done), which file
 * (0 database, 1 log, 2 journal), length, offset; then the bytes of a write. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

struct record { char kind; char file; uint16_t unused; uint32_t length; uint64_t offset; };

static int journal = -1;

static int which(const char *path) {
  size_t n = strlen(path);
  if (n >= 7 && !strcmp(path + n - 7, "kept.db")) return 0;
  if (n >= 11 && !strcmp(path + n - 11, "kept.db-wal")) return 1;
  if (n >= 15 && !strcmp(path + n - 15, "kept.db-journal")) return 2;
  return -1;
}

static int which_fd(int fd) {
  char link[64], path[4096], digits[12];
  int at = 0, value = fd;
  do { digits[at++] = '0' + value % 10; value /= 10; } while (value);
  strcpy(link, "/proc/self/fd/");
  for (int i = 14; at; i++) { link[i] = digits[--at]; link[i + 1] = 0; }
  ssize_t n = readlink(link, path, sizeof path - 1);
  if (n <= 0) return -1;
  path[n] = 0;
  return which(path);
}

static ssize_t (*real_pwrite64)(int, const void *, size_t, off64_t);

static void note(char kind, int file, uint64_t offset, const void *bytes, uint32_t length) {
  if (journal < 0) {
    const char *path = getenv("KEPT_WRITES");
    if (!path) return;
    journal = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (journal < 0) abort();
  }
  struct record head = {kind, (char)file, 0, length, offset};
  struct iovec parts[2] = {{&head, sizeof head}, {(void *)bytes, length}};
  if (writev(journal, parts, bytes ? 2 : 1) < 0) abort();
}

#define REAL(name) if (!real_##name) real_##name = dlsym(RTLD_NEXT, #name)

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t offset) {
  REAL(pwrite64);
  int file = which_fd(fd);
  ssize_t done = real_pwrite64(fd, bytes, length, offset);
  if (file >= 0 && done > 0) note('W', file, offset, bytes, done);
  return done;
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset) {
  return pwrite64(fd, bytes, length, offset);
}

static int (*real_ftruncate64)(int, off64_t);

int ftruncate64(int fd, off64_t size) {
  REAL(ftruncate64);
  int file = which_fd(fd), done = real_ftruncate64(fd, size);
  if (file >= 0 && !done) note('T', file, size, NULL, 0);
  return done;
}

int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }

static int synced(int fd, int (*real)(int)) {
  int file = which_fd(fd);
  if (file >= 0) note('F', file, 0, NULL, 0);
  int done = real(fd);
  if (file >= 0 && !done) note('S', file, 0, NULL, 0);
  return done;
}

static int (*real_fsync)(int);
static int (*real_fdatasync)(int);

int fsync(int fd) { REAL(fsync); return synced(fd, real_fsync); }
int fdatasync(int fd) { REAL(fdatasync); return synced(fd, real_fdatasync); }

static int (*real_unlink)(const char *);

int unlink(const char *path) {
  REAL(unlink);
  int file = which(path), done = real_unlink(path);
  if (file >= 0 && !done) note('U', file, 0, NULL, 0);
  return done;
}
