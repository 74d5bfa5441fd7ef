package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;

/** The page that shows the description of the API. */
class PageDescriptionTest extends PageTest {
  private static final By DECLARE = By.id("putQueuesVhostQueue");

  private void read(String hash) {
    page.driver().get(BrokerUnderTest.managementUri() + "/api/index.html" + hash);
    page.find(By.className("endpoint"));
  }

  private static By in(String css) {
    return By.cssSelector("#putQueuesVhostQueue " + css);
  }

  @Test
  void anEndpointUnfoldsToWhatItTakesAndAnswers() {
    read("");

    page.find(By.id("search")).sendKeys("declares a queue");
    page.awaitText(By.id("found"), "1 of ");

    page.awaitText(DECLARE, "For users with permissions in the virtual host.");
    page.awaitText(DECLARE, "It was made.");
    page.awaitText(DECLARE, "-X PUT");
    page.awaitText(DECLARE, BrokerUnderTest.managementUri() + "/api/queues/%2F/orders'");
    page.find(in(".schema > summary")).sendKeys(Keys.ENTER);
    page.awaitText(DECLARE, "x-dead-letter-exchange");
  }

  @Test
  void anAddressOpensAnEndpoint() {
    read("#getQueuesVhostQueue");

    By answer = By.cssSelector("#getQueuesVhostQueue .schema > summary");
    page.awaitText(answer, "QueueWithFlows");
    page.click(answer);
    page.awaitText(By.id("getQueuesVhostQueue"), "messages_unacknowledged");
  }

  @ParameterizedTest
  @ValueSource(ints = {390, 768, 1440})
  void itFitsAndCanBeRead(int width) {
    page.width(width, 900);
    read("#putQueuesVhostQueue");
    page.awaitText(DECLARE, "It was made.");
    page.find(in(".schema > summary")).sendKeys(Keys.ENTER);
    page.awaitText(DECLARE, "x-dead-letter-exchange");

    assertThat(page.contentWidth()).isLessThanOrEqualTo(width);
    for (String theme : new String[] {"light", "dark"}) {
      page.script("document.documentElement.dataset.theme = arguments[0]", theme);
      assertThat(page.lowContrast()).as(theme).isEmpty();
    }
  }
}
