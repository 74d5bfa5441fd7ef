package io.harveymq.storms;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * A file system in memory that is soon full; to mount one takes root. It is unmounted when this
 * process ends, too.
 */
final class SmallFileSystem implements Closeable {
  private final Path path;
  private final Thread atExit = new Thread(this::unmount);

  private SmallFileSystem(Path path) {
    this.path = path;
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /**
   * Mounts one on a new directory.
   *
   * @return null if this user may not
   */
  static SmallFileSystem mount(Path parent, int mebibytes)
      throws IOException, InterruptedException {
    Path path = Files.createTempDirectory(parent.toAbsolutePath(), "small");
    String size = "size=" + mebibytes + "m";
    if (run("mount", "-t", "tmpfs", "-o", size, "tmpfs", path.toString()) != 0) {
      Files.delete(path);
      return null;
    }
    return new SmallFileSystem(path);
  }

  Path path() {
    return path;
  }

  /** Unmounts it. What is left on it is kept under the same name, on the disk below. */
  @Override
  public void close() throws IOException {
    Path kept = path.resolveSibling(path.getFileName() + ".kept");
    try {
      if (!isEmpty() && run("cp", "-a", path.toString(), kept.toString()) != 0) {
        System.out.println("what is left on " + path + " could not be kept altogether");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    unmount();
    if (Files.exists(kept)) {
      Files.move(kept, path);
    }
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException ending) {
      // The hook finds nothing to do.
    }
  }

  private boolean isEmpty() throws IOException {
    try (Stream<Path> left = Files.list(path)) {
      return left.findAny().isEmpty();
    }
  }

  private void unmount() {
    try {
      if (run("umount", "--lazy", path.toString()) == 0) {
        Files.delete(path);
      }
    } catch (IOException left) {
      System.out.println(path + " is left: " + left);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static int run(String... command) throws IOException, InterruptedException {
    try {
      return new ProcessBuilder(command)
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (IOException noSuchProgram) {
      return 1;
    }
  }
}
