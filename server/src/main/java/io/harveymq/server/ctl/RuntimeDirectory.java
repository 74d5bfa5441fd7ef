package io.harveymq.server.ctl;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A directory of a user where each running broker leaves a control file, so that tools find it from
 * any working directory, and one without a data directory at all. Any thread.
 */
public final class RuntimeDirectory {
  private static final String ENDING = ".control";

  private final Path directory;
  private final String owner;

  RuntimeDirectory(Path directory, String owner) {
    this.directory = directory;
    this.owner = owner;
  }

  /** That of this user: below XDG_RUNTIME_DIR, else below the directory for temporary files. */
  public static RuntimeDirectory ofThisUser() {
    String runtime = System.getenv("XDG_RUNTIME_DIR");
    String user = System.getProperty("user.name");
    if (runtime != null && Files.isWritable(Path.of(runtime))) {
      return new RuntimeDirectory(Path.of(runtime, "harvey"), user);
    }
    return below(Path.of(System.getProperty("java.io.tmpdir")), user);
  }

  private static RuntimeDirectory below(Path temporary, String user) {
    String name = "harvey-" + user.replaceAll("[^A-Za-z0-9._-]", "_");
    return new RuntimeDirectory(temporary.resolve(name), user);
  }

  /**
   * Where tools look: for this user's brokers, and, for root in a container, for those of the user
   * whom the entry point runs brokers as.
   */
  static List<RuntimeDirectory> ofTools() {
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    return ofTools(
        ofThisUser(), System.getProperty("user.name"), System.getenv("HARVEY_USER"), temporary);
  }

  static List<RuntimeDirectory> ofTools(
      RuntimeDirectory own, String user, String brokers, Path temporary) {
    boolean further = "root".equals(user) && brokers != null && !brokers.isEmpty();
    return further ? List.of(own, below(temporary, brokers)) : List.of(own);
  }

  /**
   * Where a broker is to leave its file; makes the directory.
   *
   * @throws IOException when there is none that belongs to this user alone
   */
  public Path place(ControlFile control) throws IOException {
    if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
      if (isPosix()) {
        Files.createDirectory(
            directory,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      } else {
        Files.createDirectory(directory);
      }
    }
    if (!isOurs()) {
      throw new IOException(directory + " does not belong to this user alone");
    }
    removeLeftOvers();
    return directory.resolve(control.pid() + ENDING);
  }

  /** Removes what killed brokers left. */
  private void removeLeftOvers() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.filter(one -> one.toString().endsWith(ENDING)).toList()) {
        String pid = file.getFileName().toString().replace(ENDING, "");
        if (!pid.matches("[0-9]{1,18}") || ProcessHandle.of(Long.parseLong(pid)).isEmpty()) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  private boolean isPosix() {
    return directory.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  /** Somebody else's could lead tools, with the passwords they are told, to somebody else. */
  private boolean isOurs() throws IOException {
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    if (!isPosix()) {
      return true;
    }
    String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(directory));
    return mode.endsWith("------") && Files.getOwner(directory).getName().equals(owner);
  }

  /** The files of brokers whose processes are there, the youngest first. */
  List<ControlFile> all() {
    List<Path> found;
    try {
      if (!isOurs()) {
        return List.of();
      }
      try (Stream<Path> files = Files.list(directory)) {
        found =
            files
                .filter(file -> file.toString().endsWith(ENDING))
                .sorted(Comparator.comparingLong(RuntimeDirectory::age).reversed())
                .toList();
      }
    } catch (IOException unreadable) {
      return List.of();
    }
    List<ControlFile> all = new ArrayList<>();
    for (Path file : found) {
      try {
        ControlFile control = ControlFile.read(file);
        if (ProcessHandle.of(control.pid()).isPresent()) {
          all.add(control);
        }
      } catch (IOException vanished) {
        // its broker ended just now
      }
    }
    return all;
  }

  private static long age(Path file) {
    return file.toFile().lastModified();
  }
}
