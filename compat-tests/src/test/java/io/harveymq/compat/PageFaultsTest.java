package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.vhost.ManualClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.support.ui.Select;

/**
 * Injected faults on the page, and the top bar that tells of them. Pictures are left in {@code
 * target/screenshots}.
 */
class PageFaultsTest extends PageTest {
  private static final Path PICTURES = Path.of("target", "screenshots");
  private static final By BANNER = By.cssSelector(".topbar .unusual");
  private static final By ROW = By.cssSelector("[aria-label=Faults] tbody tr");

  @AfterEach
  void endAll() {
    if (BrokerUnderTest.isEmbedded()) {
      http.delete("/dev/faults/%2F").isEmpty(204);
    }
  }

  private void choose(String label, String option) {
    page.await(
        option,
        d -> {
          new Select(d.findElement(Page.field(label))).selectByVisibleText(option);
          return true;
        });
  }

  @Test
  void faultIsInjectedShownInTheTopBarAndEnded() throws Exception {
    String queue = newQueue();
    page.enter("#/test/wait");
    page.click(By.linkText("Faults"));
    page.awaitAddress("#/test/faults");
    page.awaitText("Clients meet the broker as it is.");
    page.awaitGone(BANNER);
    choose("Fault", "Nack publishes");
    page.type(Page.field("Queue"), queue);
    page.type(Page.field("How many times"), "3");
    page.awaitText(By.cssSelector("pre.code"), "\"kind\":\"nack\",\"queue\":\"" + queue + "\"");
    page.click(Page.button("Inject fault"));
    page.awaitText(By.cssSelector(".toasts"), "Nack publishes is on");
    page.awaitText(ROW, "queue " + queue);
    page.awaitText(ROW, "0 of 3");
    page.awaitText(BANNER, "1 fault on");
    Confirms confirms = new Confirms(channel);
    publish("", queue, "m");
    assertThat(confirms.taken()).isFalse();
    page.awaitText(ROW, "1 of 3");
    page.open("#/queues");
    page.awaitHeading("Queues");
    page.click(BANNER);
    page.awaitAddress("#/test/faults");
    page.click(Page.button("End fault"));
    page.awaitText("Clients meet the broker as it is.");
    page.awaitGone(BANNER);
    assertThat(http.read("/dev/faults")).isEmpty();
  }

  @Test
  void formAsksForWhatTheKindTakesAndShowsARefusal() {
    expectComplaint("400");
    page.enter("#/test/faults");
    choose("Fault", "Cut connections");
    page.find(Page.field("User"));
    page.awaitGone(Page.field("Exchange"));
    page.awaitGone(Page.field("Not longer than, in seconds"));
    choose("When", "By basic.get");
    page.type(Page.field("Exchange"), "orders");
    page.click(Page.button("Inject fault"));
    page.awaitText(By.cssSelector(".toasts"), "basic.get has no exchange");
    choose("Fault", "Block publishers");
    page.awaitGone(Page.field("User"));
    page.type(Page.field("Not longer than, in seconds"), "30");
    page.click(Page.button("Inject fault"));
    page.awaitText(ROW, "Block publishers");
    assertThat(http.read("/dev/faults").at("/0/for_ms").intValue()).isEqualTo(30_000);
    page.click(Page.button("End all faults in vhost /"));
    page.awaitText("Clients meet the broker as it is.");
  }

  @Test
  void whoMayNotInjectSeesWhatIsOn() {
    String user = name("u");
    http.put("/users/" + user, Map.of("password", "p", "tags", "management"));
    http.put("/permissions/%2F/" + user, Map.of("configure", "", "write", "", "read", ""));
    try {
      http.post("/dev/faults/%2F", Map.of("kind", "hold-deliveries", "queue", "none")).ok();
      page.open("#/test/faults");
      page.logIn(user, "p");
      page.awaitText(ROW, "Hold deliveries");
      page.awaitText(BANNER, "1 fault on");
      assertThat(Page.isOff(page.find(Page.button("Inject fault")))).isTrue();
      assertThat(page.find(Page.button("End fault")).getAttribute("title"))
          .isEqualTo("needs the tag administrator");
    } finally {
      http.delete("/users/" + user).isEmpty(204);
    }
  }

  @Test
  void clockThatWasMovedIsInTheTopBar() throws Exception {
    try (PageBroker broker = PageBroker.start(new ManualClock())) {
      page = new Page(Browser.driver(), broker.uri());
      page.enter("#/test/clock");
      page.click(Page.button("Advance 1 h"));
      page.awaitText(BANNER, "Clock 5");
      page.awaitText(BANNER, "ahead");
      page.click(Page.button("Advance 1 day"));
      page.awaitText(BANNER, "Clock 1 d");
      ManagementClient.at(broker.uri(), "guest", "guest")
          .post("/dev/faults/%2F", Map.of("kind", "block"))
          .ok();
      page.await("both", d -> d.findElements(BANNER).size() == 2);
      for (int width : new int[] {1024, 768, 390}) {
        page.width(width, 900);
        page.await("the width", d -> page.script("return innerWidth").equals((long) width));
        assertThat(page.contentWidth()).isLessThanOrEqualTo(width);
        picture("banners-" + width);
      }
      page.leave();
    }
  }

  @ParameterizedTest
  @CsvSource({"light, 1440", "dark, 1440", "light, 390", "dark, 390"})
  void tabFitsAndCanBeRead(String theme, int width) throws Exception {
    for (String kind : new String[] {"nack", "close-channel", "refuse-connections"}) {
      http.post("/dev/faults/%2F", Map.of("kind", kind, "user", "nobody", "every", 3)).ok();
    }
    http.post("/dev/faults/%2F", Map.of("kind", "cut", "user", "nobody")).ok();
    page.width(width, 960);
    page.script("localStorage.setItem('harvey.theme', arguments[0])", theme);
    page.enter("#/test/faults");
    page.awaitText(ROW, "Cut connections");
    page.awaitText(BANNER, "3");
    assertThat(page.find(By.cssSelector("[aria-label=Faults]")).getText())
        .contains("user nobody, every 3rd time, 406");
    assertThat(page.contentWidth()).isLessThanOrEqualTo(width);
    assertThat(page.lowContrast()).isEmpty();
    picture("faults-" + theme + "-" + width);
  }

  private void picture(String name) throws IOException {
    Files.createDirectories(PICTURES);
    byte[] picture = page.driver().getScreenshotAs(OutputType.BYTES);
    Files.write(PICTURES.resolve(name + ".png"), picture);
  }
}
