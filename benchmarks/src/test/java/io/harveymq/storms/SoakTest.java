package io.harveymq.storms;

import org.junit.jupiter.api.Test;

/** Load of all kinds at once; {@code benchmarks/storms soak} runs it for hours. */
class SoakTest extends StormTest {
  @Test
  void mixedLoadLeavesWhatItsModelSays() throws Exception {
    Soak.Size size = new Soak.Size(8, 600, 4, SEED);
    passes((on, found) -> new Soak(on, size, found).run(), broker);
  }
}
