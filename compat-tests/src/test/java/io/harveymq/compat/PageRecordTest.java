package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.rabbitmq.client.AMQP;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.support.ui.Select;

/** Recordings and replays on the page. Pictures are left in {@code target/screenshots}. */
class PageRecordTest extends PageTest {
  private static final Path PICTURES = Path.of("target", "screenshots");
  private static final By ROW = By.cssSelector("[aria-label=Recordings] tbody tr");
  private static final By REPLAY_ROW = By.cssSelector("[aria-label=Replays] tbody tr");
  private static final By MESSAGES = By.cssSelector("[aria-label='Recorded messages'] tbody tr");
  private static final By BANNER = By.cssSelector(".topbar .unusual");
  private static final By TOASTS = By.cssSelector(".toasts");

  @TempDir private Path directory;

  @AfterEach
  void deleteAll() {
    if (BrokerUnderTest.isEmbedded()) {
      for (JsonNode one : http.read("/dev/recordings/%2F")) {
        http.delete("/dev/recordings/%2F/" + one.get("id")).isEmpty(204);
      }
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

  private long record(Map<String, Object> rule) {
    return http.post("/dev/recordings/%2F", rule).ok().get("id").longValue();
  }

  @Test
  void trafficIsRecordedLookedAtStoppedAndReplayed() throws Exception {
    String queue = newQueue();
    channel.confirmSelect();
    page.enter("#/test/wait");
    page.click(By.linkText("Record"));
    page.awaitAddress("#/test/record");
    page.awaitText("Begin one below, let your application run");
    choose("What", "What is routed to a queue");
    page.type(Page.field("Queue"), queue);
    page.awaitText(By.cssSelector("pre.code"), "{\"queue\":\"" + queue + "\"");
    page.click(Page.button("Record messages"));
    page.awaitText(TOASTS, "Recording queue " + queue);
    page.awaitText(ROW, "queue " + queue);
    page.awaitText(BANNER, "1 recording on");
    publish("", queue, "first");
    publish("", queue, "second");
    channel.waitForConfirmsOrDie(10_000);
    page.awaitText(ROW, "2");
    page.click(By.cssSelector("[aria-label=Recordings] .linkbtn.name"));
    page.await("both messages", d -> d.findElements(MESSAGES).size() == 2);
    page.find(By.tagName("body")).sendKeys("j");
    page.awaitText(By.cssSelector(".viewer"), "first");
    page.find(By.tagName("body")).sendKeys("j");
    page.awaitText(By.cssSelector(".viewer"), "second");
    page.find(By.tagName("body")).sendKeys(Keys.ESCAPE);
    page.click(Page.button("Stop recording"));
    page.awaitText(ROW, "stopped");
    page.awaitGone(BANNER);
    channel.queuePurge(queue);
    page.click(Page.button("Replay messages…"));
    choose("Speed", "At once");
    page.type(Page.field("How many times"), "3");
    page.awaitText(By.cssSelector(".slide pre.code"), "speed=max&times=3");
    page.click(By.cssSelector(".slide .btn.primary"));
    page.awaitText(TOASTS, "6 messages published");
    page.awaitText(REPLAY_ROW, "6 messages published");
    assertThat(channel.queueDeclarePassive(queue).getMessageCount()).isEqualTo(6);
    page.click(Page.button("Delete recording…"));
    page.awaitText(By.cssSelector(".dialog"), "2 recorded messages");
    page.click(Page.button("Delete recording"));
    page.awaitText("Begin one below, let your application run");
    assertThat(http.read("/dev/recordings/%2F")).isEmpty();
  }

  @Test
  void fileIsReplayedAndARefusalStaysInTheSheet() throws Exception {
    expectComplaint("404");
    String queue = newQueue();
    Path file = directory.resolve("recording.json");
    Files.writeString(
        file,
        "{\"format\":\"harvey-recording\",\"version\":1,\"messages\":[{\"exchange\":\"missing-here\","
            + "\"routing_key\":\""
            + queue
            + "\",\"payload\":\"m\",\"properties\":{\"headers\":{\"n\":9007199254740993}}}]}");
    page.enter("#/test/record");
    page.click(Page.button("Replay a file…"));
    page.find(By.id("replay-file")).sendKeys(file.toAbsolutePath().toString());
    page.click(By.cssSelector(".slide .btn.primary"));
    page.awaitText(
        By.cssSelector(".slide"),
        "no exchange 'missing-here' in vhost '/', which message 0 was published to");
    page.type(Page.field("To exchange"), "amq.default");
    page.click(By.cssSelector(".slide .btn.primary"));
    page.awaitText(TOASTS, "1 message published");
    var got = channel.basicGet(queue, true);
    assertThat(new String(got.getBody(), StandardCharsets.UTF_8)).isEqualTo("m");
    assertThat(got.getProps().getHeaders().get("n")).isEqualTo(9007199254740993L);
  }

  /** What the list of replays answers from now on; with a status that is none, the broker does. */
  private void replaysAnswer(int status, String body) {
    page.script(
        "window.own ??= window.fetch; const [status, body] = arguments;"
            + "window.fetch = (to, ...more) => status && /\\/dev\\/replays$/.test(new URL(to.url ?? to,"
            + " location.href).pathname) ? Promise.resolve(new Response(body, {status, headers:"
            + " {'content-type': 'application/json'}})) : window.own(to, ...more);",
        status,
        body);
  }

  @Test
  void replayThatIsForgottenAndAListThatIsNotKnownAreTold() throws Exception {
    expectComplaint("404");
    Path file = directory.resolve("recording.json");
    Files.writeString(
        file,
        "{\"format\":\"harvey-recording\",\"version\":1,\"messages\":["
            + "{\"routing_key\":\"none\",\"payload\":\"1\"},"
            + "{\"routing_key\":\"none\",\"payload\":\"2\",\"at_ms\":3600000}]}");
    page.enter("#/test/record");
    page.awaitText("Begin one below, let your application run");
    page.click(Page.button("Replay a file…"));
    page.find(By.id("replay-file")).sendKeys(file.toAbsolutePath().toString());
    page.click(By.cssSelector(".slide .btn.primary"));
    page.awaitText(REPLAY_ROW, "of 2 messages published");
    JsonNode all = http.read("/dev/replays");
    long id = all.get(all.size() - 1).get("id").longValue();
    replaysAnswer(503, "{\"error\":\"service_unavailable\",\"reason\":\"no memory\"}");
    page.awaitText(By.cssSelector("[aria-label=Replays]"), "Not known.");
    for (JsonNode one : all) {
      http.delete("/dev/replays/%2F/" + one.get("id")).ok();
    }
    for (int i = 0; i < 16; i++) {
      http.post("/dev/replays/%2F?speed=max&wait=20000", Files.readString(file)).ok();
    }
    replaysAnswer(0, "");
    page.awaitText(TOASTS, "Replay " + id + " is over. What became of it is no longer known.");
    page.awaitText(REPLAY_ROW, "2 messages published");
  }

  @Test
  void downloadIsTheFileOfTheApi() throws Exception {
    String queue = newQueue();
    long id = record(Map.of("queue", queue));
    channel.confirmSelect();
    publish("", queue, "m");
    channel.waitForConfirmsOrDie(10_000);
    http.post("/dev/recordings/%2F/" + id + "/stop", null).ok();
    page.enter("#/test/record?id=" + id);
    page.await("the message", d -> d.findElements(MESSAGES).size() == 1);
    page.script(
        "window.saved = null; const make = URL.createObjectURL;"
            + "URL.createObjectURL = (blob) => { blob.text().then((t) => (window.saved = t));"
            + " return make.call(URL, blob); };");
    page.click(Page.button("Download file"));
    page.awaitText(TOASTS, "is saved");
    page.await("the file", d -> page.script("return window.saved") != null);
    assertThat(page.script("return window.saved"))
        .isEqualTo(http.get("/dev/recordings/%2F/" + id + "/file").body());
  }

  @Test
  void whoMayNotRecordEverythingSeesWhatIsMissing() {
    String user = name("u");
    http.put("/users/" + user, Map.of("password", "p", "tags", "management"));
    http.put("/permissions/%2F/" + user, Map.of("configure", "", "write", "", "read", ""));
    try {
      page.open("#/test/record");
      page.logIn(user, "p");
      record(Map.of("queue", "none"));
      assertThat(page.find(Page.button("Record messages")).getAttribute("title"))
          .isEqualTo("needs the tag policymaker");
      choose("What", "What is published to an exchange");
      page.awaitText(ROW, "queue none");
      assertThat(page.find(Page.button("Stop recording")).getAttribute("title"))
          .isEqualTo("needs the tag administrator");
      page.await("allowed", d -> !Page.isOff(d.findElement(Page.button("Record messages"))));
    } finally {
      http.delete("/users/" + user).isEmpty(204);
    }
  }

  @ParameterizedTest
  @CsvSource({"light, 1440", "dark, 1440", "light, 390", "dark, 390"})
  void tabFitsAndCanBeRead(String theme, int width) throws Exception {
    String queue = newQueue();
    long id = record(Map.of("queue", queue, "max_messages", 3));
    record(Map.of("exchange", "amq.topic"));
    channel.confirmSelect();
    AMQP.BasicProperties properties =
        new AMQP.BasicProperties.Builder()
            .contentType("application/json")
            .headers(Map.of("tenant", "acme", "attempt", 2))
            .build();
    for (int i = 0; i < 4; i++) {
      byte[] body = ("{\"order\":" + i + ",\"total\":12.50}").getBytes(StandardCharsets.UTF_8);
      channel.basicPublish("", queue, properties, body);
    }
    channel.waitForConfirmsOrDie(10_000);
    http.post("/dev/replays/%2F?speed=max&wait=20000&recording=" + id, null).ok();
    page.width(width, 960);
    page.script("localStorage.setItem('harvey.theme', arguments[0])", theme);
    page.enter("#/test/record?id=" + id);
    page.await("messages", d -> d.findElements(MESSAGES).size() == 3);
    page.awaitText(REPLAY_ROW, "3 messages published");
    page.awaitText(BANNER, "1");
    assertThat(page.contentWidth()).isLessThanOrEqualTo(width);
    assertThat(page.lowContrast()).isEmpty();
    picture("record-" + theme + "-" + width);
    page.script(
        "document.querySelector('main').scrollTo(0, 1e6); window.scrollTo(0, 1e6);"
            + "return new Promise((done) => requestAnimationFrame(() => setTimeout(done)));");
    picture("record-" + theme + "-" + width + "-end");
    page.script("document.querySelector('main').scrollTo(0, 0); window.scrollTo(0, 0)");
    page.click(By.cssSelector("[aria-label='Recorded messages'] .linkbtn"));
    page.awaitText(By.cssSelector(".viewer"), "tenant");
    picture("record-" + theme + "-" + width + "-message");
    page.click(Page.button("Replay messages…"));
    page.find(By.cssSelector(".slide"));
    page.await(
        "the sheet at rest",
        d ->
            page.script("return document.querySelector('.slide').getAnimations().length")
                .equals(0L));
    assertThat(page.contentWidth()).isLessThanOrEqualTo(width);
    assertThat(page.lowContrast()).isEmpty();
    picture("record-" + theme + "-" + width + "-sheet");
  }

  private void picture(String name) throws IOException {
    Files.createDirectories(PICTURES);
    byte[] picture = page.driver().getScreenshotAs(OutputType.BYTES);
    Files.write(PICTURES.resolve(name + ".png"), picture);
  }
}
