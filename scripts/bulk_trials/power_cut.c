/* The disk after a power cut, as it may be at worst: nothing is on it but what was synced.

Put below a run (LD_PRELOAD), it takes each fsync and fdatasync of the journal's files as the moment
at which their content reaches the disk: a copy in the folder DISK. What is written after the last
one is in the files, and in no copy. JOURNAL: the path of the journal. */

#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static void keep(const char *path, const char *disk)
{
    char part[PATH_MAX], whole[PATH_MAX], buffer[65536];
    const char *name = strrchr(path, '/') + 1;
    ssize_t got;

    snprintf(part, sizeof part, "%s/.%s.%ld", disk, name, syscall(SYS_gettid));
    snprintf(whole, sizeof whole, "%s/%s", disk, name);
    int in = open(path, O_RDONLY | O_CLOEXEC);
    int out = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    while ((got = read(in, buffer, sizeof buffer)) > 0)
        if (write(out, buffer, got) != got)
            abort();
    close(in);
    close(out);
    rename(part, whole);
}

/* A folder that is synced forgets the files that were taken away. */
static void forget(const char *folder, const char *disk)
{
    char here[PATH_MAX], there[PATH_MAX];
    struct dirent *entry;
    struct stat found;
    DIR *kept = opendir(disk);

    while (kept && (entry = readdir(kept))) {
        if (entry->d_name[0] == '.')
            continue;
        snprintf(here, sizeof here, "%s/%s", folder, entry->d_name);
        snprintf(there, sizeof there, "%s/%s", disk, entry->d_name);
        if (stat(here, &found))
            unlink(there);
    }
    if (kept)
        closedir(kept);
}

static int synced(int file)
{
    char link[64], path[PATH_MAX];
    const char *journal = getenv("JOURNAL"), *disk = getenv("DISK");
    struct stat found;

    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (!journal || !disk || length <= 0)
        return 0;
    path[length] = 0;
    if (!fstat(file, &found) && S_ISDIR(found.st_mode))
        forget(path, disk);
    else if (!strncmp(path, journal, strlen(journal)) && !strstr(path, "-shm"))
        keep(path, disk);
    return 0;
}

int fsync(int file) { return synced(file); }
int fdatasync(int file) { return synced(file); }
