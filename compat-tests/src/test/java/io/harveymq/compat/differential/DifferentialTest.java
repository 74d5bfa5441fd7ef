package io.harveymq.compat.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The same conversations with a real RabbitMQ 3.10 and with Harvey in that profile: everything that
 * a client can see has to be the same, but for the differences that docs/compatibility.md lists.
 * {@code harvey.differential.conversations} is the number of random conversations, {@code
 * harvey.differential.seed} the first one's seed. A failure prints a short script; kept in a file
 * under {@code differential/agree}, it is played in every run.
 */
@Timeout(value = 3, unit = java.util.concurrent.TimeUnit.HOURS)
class DifferentialTest {
  private static final Logger log = LoggerFactory.getLogger(DifferentialTest.class);
  private static final int CONVERSATIONS =
      Integer.getInteger("harvey.differential.conversations", 40);
  private static final long SEED = Long.getLong("harvey.differential.seed", 1);

  /** So many conversations may differ before it stops. */
  private static final int ENOUGH = 10;

  private static final Path BASE = Path.of(System.getProperty("basedir", "."));
  private static final Path SCRIPTS = BASE.resolve("src/test/resources/differential");
  private static final Path LIST = BASE.resolve("../docs/compatibility.md");
  private static final Pattern LISTED =
      Pattern.compile("^\\| `([a-z0-9-]+)` \\|", Pattern.MULTILINE);

  private static RabbitPeer rabbit;
  private static HarveyPeer harvey;
  private static Comparison comparison;

  @BeforeAll
  static void startBoth() throws Exception {
    rabbit = RabbitPeer.start();
    harvey = new HarveyPeer();
    comparison = new Comparison(rabbit, harvey);
  }

  @AfterAll
  static void stopBoth() throws IOException {
    if (rabbit != null) {
      harvey.close();
      rabbit.close();
    }
  }

  static List<Path> agreeing() throws IOException {
    return scripts("agree");
  }

  static List<Path> differing() throws IOException {
    return scripts("known");
  }

  private static List<Path> scripts(String directory) throws IOException {
    try (Stream<Path> files = Files.list(SCRIPTS.resolve(directory))) {
      return files.sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("agreeing")
  void savedConversationsAgree(Path file) throws IOException {
    Comparison.Difference difference = comparison.difference(read(file));
    assertThat(difference == null ? "" : difference.text()).as("%s", file).isEmpty();
  }

  private static Script read(Path file) throws IOException {
    return Script.parse(Files.readString(file));
  }

  @ParameterizedTest
  @MethodSource("differing")
  void listedDifferencesAreStillThere(Path file) throws IOException {
    assertThat(comparison.difference(read(file)))
        .as("the difference that %s shows; docs/compatibility.md lists it", file)
        .isNotNull();
  }

  @Test
  void everyListedDifferenceHasItsScript() throws IOException {
    Set<String> listed =
        LISTED
            .matcher(Files.readString(LIST))
            .results()
            .map((MatchResult found) -> found.group(1))
            .collect(Collectors.toSet());
    Set<String> shown =
        differing().stream()
            .map(file -> file.getFileName().toString().replace(".txt", ""))
            .collect(Collectors.toSet());

    assertThat(listed).isEqualTo(shown).isNotEmpty();
  }

  @Test
  void randomConversationsAgree() throws IOException {
    int steps = 0;
    List<String> different = new ArrayList<>();
    for (long seed = SEED; seed < SEED + CONVERSATIONS && different.size() < ENOUGH; seed++) {
      Script script = Generator.script(seed, Feature.available());
      steps += script.steps().size();
      Comparison.Difference difference = comparison.difference(script);
      if (difference != null) {
        different.add(shortened(seed, script, difference));
        log.error("{}", different.get(different.size() - 1));
      }
    }
    assertThat(different).isEmpty();
    log.info("{} conversations with {} steps agree", CONVERSATIONS, steps);
  }

  private static String shortened(long seed, Script script, Comparison.Difference whole)
      throws IOException {
    Script shrunk = comparison.shrunk(script);
    Comparison.Difference difference = comparison.difference(shrunk);
    String text = difference == null ? "not always; at first:\n" + whole.text() : difference.text();
    return "harvey.differential.seed=%d differs; shortened:%n%n%s%n%n%s%n"
        .formatted(seed, shrunk, text);
  }
}
