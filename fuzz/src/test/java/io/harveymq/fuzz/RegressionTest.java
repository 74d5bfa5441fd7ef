package io.harveymq.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/** Every input of the source tree, those that once were findings among them. */
@Timeout(300)
class RegressionTest {
  private static final Path MODULE = Path.of("");

  @TestFactory
  Stream<DynamicTest> nothingIsFoundByTheInputsOfTheTree() {
    return Stream.of(Target.values())
        .map(target -> DynamicTest.dynamicTest(target.label(), () -> runAll(target)));
  }

  private static void runAll(Target target) throws Exception {
    List<Path> inputs = target.inputs(MODULE);
    assertThat(inputs).isNotEmpty();
    for (Path input : inputs) {
      try {
        target.body().run(Files.readAllBytes(input));
      } catch (Exception | AssertionError found) {
        throw new AssertionError(input.toString(), found);
      }
    }
  }
}
