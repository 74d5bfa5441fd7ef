package io.harveymq.persistence.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A directory belongs to one store. */
class DirectoryLockTest {
  @TempDir Path directory;

  private JournaledVolume open(Path path) {
    return JournaledVolume.open(path, JournalOptions.defaults());
  }

  @Test
  void aSecondStoreInThisProcessIsToldWhoHasTheDirectory() {
    try (JournaledVolume volume = open(directory)) {
      assertThat(volume.lastCommit()).isZero();
      assertThatThrownBy(() -> open(directory))
          .isInstanceOf(StoreOpenException.class)
          .hasMessage(
              "The store directory "
                  + directory
                  + " is in use by process "
                  + ProcessHandle.current().pid()
                  + ". Stop that broker, or name another directory.");
    }
    open(directory).close();
  }

  @Test
  void aSecondProcessIsToldTheSame() throws Exception {
    try (ChildProcess child =
        ChildProcess.start(KilledProcessTest.Child.class, directory.toString())) {
      child.awaitLine("open");
      assertThatThrownBy(() -> open(directory))
          .isInstanceOf(StoreOpenException.class)
          .hasMessage(
              "The store directory "
                  + directory
                  + " is in use by process "
                  + child.pid()
                  + ". Stop that broker, or name another directory.");
    }
  }

  @Test
  void aFileInPlaceOfTheDirectoryIsRefused() throws IOException {
    Path file = Files.createFile(directory.resolve("store"));
    assertThatThrownBy(() -> open(file))
        .isInstanceOf(StoreOpenException.class)
        .hasMessageContaining(file + " is not a directory");
  }

  @Test
  void aDirectoryThatCannotBeMadeIsRefused() throws IOException {
    Path file = Files.createFile(directory.resolve("store"));
    assertThatThrownBy(() -> open(file.resolve("below")))
        .isInstanceOf(StoreOpenException.class)
        .hasMessageContaining(file.resolve("below") + " cannot be created");
  }

  @Test
  void aDirectoryWhoseLockCannotBeOpenedIsRefused() throws IOException {
    Files.createDirectory(directory.resolve("lock"));
    assertThatThrownBy(() -> open(directory))
        .isInstanceOf(StoreOpenException.class)
        .hasMessageContaining(directory + " cannot be locked");
    Files.delete(directory.resolve("lock"));
    open(directory).close();
  }
}
