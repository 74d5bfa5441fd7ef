package io.harveymq.management.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class IconsTest {
  private static final Path SCRIPTS =
      Path.of("src/main/resources/io/harveymq/management/page/js").toAbsolutePath();

  private static final Pattern SYMBOL = Pattern.compile("<symbol id=\"i-([a-z]+)\"");

  @Test
  void whoShowsAnIconThatTheFirstPageDoesWithoutLoadsIt() throws IOException {
    List<String> late = symbols("icons-more.js");
    assertThat(late).isNotEmpty().doesNotContainAnyElementsOf(symbols("icons.js"));
    Pattern use =
        Pattern.compile("(?:icon\\(|glyph: )[^)},]*\"(?:" + String.join("|", late) + ")\"");
    try (Stream<Path> files = Files.walk(SCRIPTS)) {
      List<Path> lacking =
          files
              .filter(file -> file.toString().endsWith(".js"))
              .filter(file -> use.matcher(read(file)).find())
              .filter(file -> !read(file).contains("/icons-more.js\";"))
              .toList();
      assertThat(lacking).isEmpty();
    }
  }

  private static List<String> symbols(String file) {
    Matcher found = SYMBOL.matcher(read(SCRIPTS.resolve(file)));
    return found.results().map(one -> one.group(1)).toList();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
