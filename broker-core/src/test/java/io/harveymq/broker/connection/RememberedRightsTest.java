package io.harveymq.broker.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.Compatibility;
import io.harveymq.broker.TestBroker;
import io.harveymq.broker.auth.AccessRight;
import io.harveymq.broker.auth.Identity;
import io.harveymq.broker.auth.Permission;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Names that a connection remembers to have a right to: never more than a bound of them. */
class RememberedRightsTest {
  private static final int MOST_NAMES = 256;
  private static final int MOST_LETTERS = 8_192;
  private static final int LONGEST = 255;

  private final TestBroker broker = TestBroker.start();
  private final AccessChecks checks = checks();

  private AccessChecks checks() {
    broker.change(rules -> rules.setPermission(new Permission("guest", "/", "^q", "^q", "^q")));
    return AccessChecks.ofConnection(
        broker.access().on(broker.home()),
        new Identity("guest", List.of(), List.of()),
        "/",
        Compatibility.V4_2);
  }

  private int letters() {
    int letters = 0;
    for (AccessRight right : List.of(AccessRight.READ, AccessRight.WRITE)) {
      letters += checks.remembered(right).stream().mapToInt(String::length).sum();
    }
    return letters;
  }

  @Test
  void ofShortNamesSoManyOfEachRight() {
    for (int i = 0; i < 2 * MOST_NAMES; i++) {
      checks.checkQueue(AccessRight.READ, "q" + i);
    }
    checks.checkQueue(AccessRight.WRITE, "q");
    assertThat(checks.remembered(AccessRight.READ)).hasSize(MOST_NAMES);
    assertThat(checks.remembered(AccessRight.WRITE)).containsExactly("q");
  }

  @Test
  void ofLongNamesSoManyLettersOfAllRightsTogether() {
    for (int i = 100; i < 200; i++) {
      String name = "q".repeat(LONGEST - 3) + i;
      checks.checkQueue(AccessRight.READ, name);
      checks.checkQueue(AccessRight.WRITE, name);
    }
    assertThat(letters()).isBetween(MOST_LETTERS, MOST_LETTERS + LONGEST);
  }

  @Test
  void nothingIsRememberedBeyondAChangeOfPermissions() {
    checks.checkQueue(AccessRight.READ, "q1");
    broker.change(rules -> rules.setPermission(new Permission("guest", "/", "", "", "^q2")));
    checks.checkQueue(AccessRight.READ, "q2");
    assertThat(checks.remembered(AccessRight.READ)).containsExactly("q2");
  }
}
