package io.harveymq.management.dev;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.ConnectionLimits;
import io.harveymq.broker.NodeLimits;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How close the connections of the whole broker are to its limits, and how bytes are told. */
class LimitFindingsTest {
  private final LimitFindings limits = new LimitFindings(true);

  private List<String> found(int connections, int most, int sockets) {
    return found(connections, connections, most, sockets);
  }

  private List<String> found(int connections, int accepted, int most, int sockets) {
    ConnectionLimits set =
        new ConnectionLimits(131_072, 2_047, 60, 0, most, -1)
            .withNode(new NodeLimits(sockets, -1, -1, -1, -1));
    return limits.broker("rabbit@here", set, connections, accepted).stream()
        .map(finding -> finding.json().get("text").textValue())
        .toList();
  }

  @Test
  void connectionsOfTheBrokerAreNearFromNineOfTenOn() {
    assertThat(found(899, 1_000, -1)).isEmpty();
    assertThat(found(900, 1_000, -1))
        .containsExactly("rabbit@here has 900 of 1,000 connections; more will be refused");
    assertThat(found(900, -1, -1)).isEmpty();
    assertThat(found(0, 0, -1)).as("none allowed").isEmpty();
  }

  @Test
  void socketsWaitAndTheLowerLimitIsTold() {
    assertThat(found(9, -1, 10))
        .containsExactly("rabbit@here has 9 of 10 open sockets; more will have to wait");
    assertThat(found(10, 10, 11))
        .containsExactly("rabbit@here has 10 of 10 connections; more will be refused");
    assertThat(found(10, 11, 10))
        .containsExactly("rabbit@here has 10 of 10 open sockets; more will have to wait");
  }

  @Test
  void thoseThatAreNotLoggedInHaveSocketsOnly() {
    assertThat(found(1, 10, 10, -1)).isEmpty();
    assertThat(found(1, 10, -1, 10))
        .containsExactly("rabbit@here has 10 of 10 open sockets; more will have to wait");
    assertThat(found(9, 10, 10, 10))
        .containsExactly("rabbit@here has 10 of 10 open sockets; more will have to wait");
  }

  @Test
  void bytesAreToldInTheUnitThatFits() {
    assertThat(LimitFindings.bytes(940, 1_000)).isEqualTo("940 of 1,000 bytes");
    assertThat(LimitFindings.bytes(94 << 10, 100 << 10)).isEqualTo("94 of 100 KiB");
    assertThat(LimitFindings.bytes(9_900, 10 << 10)).isEqualTo("9,900 bytes of 10 KiB");
    assertThat(LimitFindings.bytes(1_932_735_283L, 2L << 30)).isEqualTo("1,843 of 2,048 MiB");
  }
}
