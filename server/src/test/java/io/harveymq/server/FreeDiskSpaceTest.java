package io.harveymq.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FreeDiskSpaceTest {
  @Test
  void isThatOfTheFileSystemThoughTheDirectoryDoesNotExist(@TempDir Path temp) throws Exception {
    long total = Files.getFileStore(temp).getTotalSpace();
    assertThat(new FreeDiskSpace(temp).getAsLong()).isBetween(1L, total);
    assertThat(new FreeDiskSpace(temp.resolve("not/there")).getAsLong()).isBetween(1L, total);
  }
}
