package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.amqp.rabbit.junit.BrokerRunningSupport;

/** What Spring's tests ask a broker before they run: {@code @RabbitAvailable} and its like. */
@Tag("clients")
@Timeout(60)
class BrokerRunningSupportTest extends CompatTest {
  private static BrokerRunningSupport ofTarget(BrokerRunningSupport support) {
    support.setHostName(BrokerUnderTest.host());
    support.setPort(BrokerUnderTest.port());
    support.setAdminUri(BrokerUnderTest.managementUri().toString());
    return support;
  }

  @Test
  void brokerAndManagementAreThereWithEmptyQueues() throws Exception {
    String queue = newQueue();
    channel.queueDelete(queue);
    channel.queueDeclare(queue, true, false, false, null);
    channel.basicPublish("", queue, null, new byte[1]);
    BrokerRunningSupport support =
        ofTarget(BrokerRunningSupport.isBrokerAndManagementRunningWithEmptyQueues(queue));
    assertThatCode(support::test).doesNotThrowAnyException();
    assertThat(channel.queueDeclarePassive(queue).getMessageCount()).isZero();
    support.removeTestQueues();
    assertThatThrownBy(() -> channel.queueDeclarePassive(queue))
        .isInstanceOf(IOException.class)
        .hasStackTraceContaining("404");
  }

  @Test
  void queuesArePurgedBetweenTests() throws Exception {
    String queue = newQueue();
    channel.queueDelete(queue);
    BrokerRunningSupport support = ofTarget(BrokerRunningSupport.isRunningWithEmptyQueues(queue));
    support.test();
    channel.basicPublish("", queue, null, new byte[1]);
    support.purgeTestQueues();
    assertThat(channel.queueDeclarePassive(queue).getMessageCount()).isZero();
    support.removeTestQueues();
  }

  @Test
  void whereNobodyListensThereIsNoBroker() throws Exception {
    int free = FreePorts.next();
    BrokerRunningSupport support = ofTarget(BrokerRunningSupport.isRunning());
    support.setPort(free);
    assertThatThrownBy(support::test)
        .isInstanceOf(BrokerRunningSupport.BrokerNotAliveException.class);
  }
}
