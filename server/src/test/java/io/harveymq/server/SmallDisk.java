package io.harveymq.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/**
 * A file system in memory that is soon full. Needs root; the test is skipped, with a word, else.
 */
final class SmallDisk implements AutoCloseable {
  private final Path path;

  private SmallDisk(Path path) {
    this.path = path;
  }

  /** Mounts it on a new directory. */
  static SmallDisk mount(Path parent, int mebibytes) throws IOException {
    Path path = Files.createDirectory(parent.resolve("small-disk"));
    int status = run("mount", "-t", "tmpfs", "-o", "size=" + mebibytes + "m", "tmpfs", path + "");
    Assumptions.assumeTrue(
        status == 0,
        "NOT TESTED: a full disk needs root, to mount a tmpfs. The same with a limit on the size"
            + " of files, and with simulated files in the module persistence, is tested.");
    return new SmallDisk(path);
  }

  Path path() {
    return path;
  }

  /** Unmounts it, also while a process that is about to end has files on it. */
  @Override
  public void close() throws IOException {
    if (run("umount", "--lazy", path + "") != 0) {
      throw new IOException("cannot unmount " + path);
    }
  }

  private static int run(String... command) throws IOException {
    try {
      return new ProcessBuilder(command).inheritIO().start().waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }
}
