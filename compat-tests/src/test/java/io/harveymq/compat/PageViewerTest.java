package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.impl.LongStringHelper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;

/** The panel that shows one message: large and packed payloads, and copies of the message. */
class PageViewerTest extends PageTest {
  private static final By ROW = By.cssSelector("tr.msgrow .linkbtn");
  private static final By VIEWER = By.cssSelector(".viewer");
  private static final By PAYLOAD = By.cssSelector(".viewer pre.code");
  private static final By EDIT = By.cssSelector("[aria-label='Edit and send a copy']");
  private static final int LARGE = 200_000;

  private static String large() {
    return "x".repeat(LARGE - 7) + "the end";
  }

  /** Text that no packing makes small. */
  private static String manifold(int bytes) {
    byte[] random = new byte[bytes];
    new Random(1).nextBytes(random);
    return Base64.getEncoder().encodeToString(random);
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(packed)) {
      out.write(bytes(text));
    }
    return packed.toByteArray();
  }

  private static byte[] rawDeflate(String text) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    Deflater raw = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    try (OutputStream out = new DeflaterOutputStream(packed, raw)) {
      out.write(bytes(text));
    } finally {
      raw.end();
    }
    return packed.toByteArray();
  }

  private String queueWith(AMQP.BasicProperties properties, byte[] body) throws Exception {
    String queue = newQueue();
    channel.confirmSelect();
    channel.basicPublish("", queue, properties, body);
    channel.waitForConfirmsOrDie(10_000);
    return queue;
  }

  private void open(String address) {
    page.enter(address);
    page.click(ROW);
  }

  private void openIn(String queue) {
    open("#/queues/%2F/" + queue);
  }

  private void awaitEnd(String end) {
    page.await("an end", d -> d.findElement(PAYLOAD).getText().endsWith(end));
  }

  private void copy(String label) {
    page.script("navigator.clipboard.writeText = async t => { window.copied = t }");
    page.click(By.cssSelector(".viewer .menu > button"));
    page.click(By.xpath("//*[@role='menuitem'][normalize-space()='" + label + "']"));
  }

  private String copied() {
    return page.await("a copy", d -> (String) page.script("return window.copied"));
  }

  /** The input beside the one that has the header's name. */
  private By valueOf(String header) {
    page.script(
        "document.getElementById('value-of-it')?.removeAttribute('id');"
            + "for (const i of document.querySelectorAll('.slide [aria-label=Name]'))"
            + " if (i.value === arguments[0]) i.nextElementSibling.id = 'value-of-it'",
        header);
    return By.id("value-of-it");
  }

  @Test
  void largeTextIsShownWholeWhenAskedFor() throws Exception {
    openIn(queueWith(null, bytes(large())));
    page.awaitText(VIEWER, "Payload, 195 KiB · 64 KiB of it here");
    page.click(Page.button("Show all 195 KiB"));
    awaitEnd("the end");
    page.awaitGone(Page.button("Show all 195 KiB"));
    assertThat(page.find(PAYLOAD).getText()).hasSize(LARGE);
  }

  @Test
  void largeJsonIsShownAsJsonOnceItIsHere() throws Exception {
    openIn(queueWith(null, bytes("{\"long\":\"" + large() + "\",\"order\":4711}")));
    page.awaitText(VIEWER, "64 KiB of it here");
    page.click(Page.button("Show all 195 KiB"));
    page.awaitText(PAYLOAD, "\"order\": 4711");
    page.find(Page.button("JSON"));
  }

  @Test
  void largeTextThatIsCutWithinACharacterIsText() throws Exception {
    openIn(queueWith(null, bytes("a" + "é".repeat(LARGE / 2))));
    page.awaitText(By.cssSelector("tr.msgrow"), "aééé");
    page.awaitText(PAYLOAD, "aééé");
    page.click(Page.button("Show all 195 KiB"));
    page.await("all", d -> d.findElement(PAYLOAD).getText().length() == LARGE / 2 + 1);
  }

  @Test
  void largeGzipIsUnpackedOnceItIsHere() throws Exception {
    String text = manifold(LARGE);
    openIn(queueWith(properties().contentEncoding("GZIP").build(), gzip(text)));
    page.awaitText(VIEWER, "says gzip: unpacked when all of it is fetched");
    assertThat(page.find(VIEWER).getText()).doesNotContain("does not unpack");
    page.click(By.xpath("//*[@class='viewer']//button[contains(., 'Show all')]"));
    page.awaitText(VIEWER, "unpacked from gzip, 260 KiB");
    page.click(Page.button("Show all 260 KiB"));
    awaitEnd(text.substring(text.length() - 100));
    copy("Copy payload");
    assertThat(copied()).isEqualTo(text);
  }

  @Test
  void deflateIsUnpackedWithAndWithoutItsFrame() throws Exception {
    openIn(
        queueWith(properties().contentEncoding("deflate").build(), rawDeflate("without a frame")));
    page.awaitText(PAYLOAD, "without a frame");
    page.awaitText(VIEWER, "unpacked from deflate, 15 B");
  }

  @Test
  void binaryPayloadIsToldInBytesAsSizesAre() throws Exception {
    byte[] body = new byte[182_272];
    new Random(1).nextBytes(body);
    page.enter("#/queues/%2F/" + queueWith(null, body));
    page.awaitText(By.cssSelector("tr.msgrow"), "178 KiB, not text");
  }

  @Test
  void copiesHaveAllOfALargePayload() throws Exception {
    openIn(queueWith(null, bytes(large())));
    copy("Copy payload");
    assertThat(copied()).isEqualTo(large());
    page.script("window.copied = null");
    copy("Copy as Java publish");
    assertThat(copied()).contains("the end");
    page.script("window.copied = null");
    page.click(By.cssSelector("tr.msgrow input[type=checkbox]"));
    page.click(Page.button("Copy as JSON"));
    assertThat(copied()).contains("the end");
  }

  @Test
  void editedCopyHasAllOfThePayloadAndHeadersOfTheSameTypes() throws Exception {
    Map<String, Object> headers = new HashMap<>();
    headers.put("digits", "123");
    headers.put("word", "true");
    headers.put("json", "{\"a\":1}");
    headers.put("whole", 1.0);
    headers.put("big", 9_007_199_254_740_993L);
    headers.put("flag", false);
    headers.put("other", "7");
    AMQP.BasicProperties properties =
        new AMQP.BasicProperties.Builder().messageId("m").headers(headers).build();
    String queue = queueWith(properties, bytes(large()));
    openIn(queue);
    page.click(EDIT);
    page.awaitText(By.cssSelector(".slide h2"), "Edit and send a copy");
    page.awaitText(By.cssSelector(".slide .code"), "\"digits\": \"123\"");
    page.awaitText(
        By.cssSelector(".slide .code"), "# without the headers \"whole\": pika sends no floats");
    assertThat(page.find(By.cssSelector(".slide .code")).getText()).doesNotContain("delivery_mode");
    page.type(valueOf("other"), "8");
    page.click(Page.submit());
    page.awaitText(By.cssSelector(".toasts"), "Published to");
    assertThat(text(channel.basicGet(queue, true))).isEqualTo(large());
    GetResponse copy = channel.basicGet(queue, true);
    assertThat(text(copy)).isEqualTo(large());
    assertThat(copy.getProps().getDeliveryMode()).isNull();
    assertThat(copy.getProps().getMessageId()).isEqualTo("m");
    Map<String, Object> sent = copy.getProps().getHeaders();
    assertThat(sent.remove("other")).hasToString("8").isNotInstanceOf(Number.class);
    headers.remove("other");
    assertThat(sent.keySet()).isEqualTo(headers.keySet());
    headers.forEach(
        (name, value) ->
            assertThat(value instanceof String ? sent.get(name).toString() : sent.get(name))
                .as(name)
                .isEqualTo(value));
    assertThat(sent.get("json")).isNotInstanceOf(Map.class);
  }

  /** Types that JSON does not tell, and a value of each. */
  private static Map<String, Object> typed() {
    Map<String, Object> headers = new HashMap<>();
    headers.put("int", 7);
    headers.put("other int", 8);
    headers.put("large", 9);
    headers.put("short", (short) 7);
    headers.put("byte", (byte) 7);
    headers.put("float", 0.5f);
    headers.put("double", 1.0);
    headers.put("price", new BigDecimal("19.90"));
    headers.put("other price", new BigDecimal("19.90"));
    headers.put("at", new Date(1_700_000_000_000L));
    headers.put("list", List.of(1, 2L, Map.of("deep", (short) 3)));
    headers.put("long", 7L);
    headers.put("raw", LongStringHelper.asLongString(new byte[] {(byte) 0xff, 0, (byte) 0x80}));
    headers.put("nothing", null);
    headers.put("gone", 1);
    return headers;
  }

  @Test
  void typesThatJsonDoesNotTellAreShownAndInTheCodeForPika() throws Exception {
    String queue = queueWith(properties().headers(typed()).build(), bytes("m"));
    openIn(queue);
    page.awaitText(VIEWER, "7 int32");
    page.awaitText(VIEWER, "7 int16");
    page.awaitText(VIEWER, "19.9 decimal");
    page.awaitText(VIEWER, "1700000000, 14 Nov 2023");
    page.click(EDIT);
    By code = By.cssSelector(".slide .code");
    page.awaitText(code, "\"price\": decimal.Decimal(\"19.90\")");
    page.awaitText(
        code, "\"at\": datetime.datetime.fromtimestamp(1700000000, datetime.timezone.utc)");
    assertThat(page.find(code).getText())
        .contains("import datetime\nimport decimal\nimport pika")
        .containsPattern("# without the headers .*\"float\".*: pika sends no floats")
        .doesNotContain("0.5");
  }

  @Test
  void editedCopyKeepsTypesThatJsonDoesNotTell() throws Exception {
    Map<String, Object> headers = typed();
    String queue = queueWith(properties().headers(headers).build(), bytes("m"));
    openIn(queue);
    page.click(EDIT);
    page.awaitText(By.cssSelector(".slide h2"), "Edit and send a copy");
    page.type(valueOf("other int"), "-80");
    page.type(valueOf("large"), "3000000000");
    page.type(valueOf("double"), "2");
    page.type(valueOf("other price"), "20.5");
    page.find(valueOf("gone"));
    page.click(By.cssSelector("#value-of-it + button"));
    page.click(Page.submit());
    page.awaitText(By.cssSelector(".toasts"), "Published to");
    assertThat(channel.basicGet(queue, true).getProps().getHeaders()).isEqualTo(headers);
    headers.put("other int", -80);
    headers.put("large", 3_000_000_000L);
    headers.put("double", 2.0);
    headers.put("other price", new BigDecimal("20.50"));
    headers.remove("gone");
    assertThat(channel.basicGet(queue, true).getProps().getHeaders()).isEqualTo(headers);
  }

  @Test
  void searchHitsAndDroppedMessagesAreHadWholeToo() throws Exception {
    String queue = queueWith(null, bytes(large()));
    open("#/messages?in=queues&q=queue:" + queue);
    page.click(Page.button("Show all 195 KiB"));
    awaitEnd("the end");
    String exchange = newExchange("fanout");
    publish(exchange, "lost", large());
    publish(exchange, "lost", "x".repeat(300_000));
    page.open("#/exchanges/%2F/" + exchange + "/dropped");
    page.await("two rows", d -> d.findElements(ROW).size() == 2);
    page.click(By.cssSelector("tr.msgrow:nth-child(2) .linkbtn"));
    page.click(Page.button("Show all 195 KiB"));
    awaitEnd("the end");
    page.click(By.cssSelector("tr.msgrow:nth-child(1) .linkbtn"));
    page.awaitText(VIEWER, "the broker keeps neither payload nor properties");
    assertThat(Page.isOff(page.find(EDIT))).isTrue();
  }

  @Test
  void recordedMessageIsHadWhole() throws Exception {
    String queue = newQueue();
    JsonNode recording = http.post("/dev/recordings/%2F", Map.of("queue", queue)).ok();
    channel.confirmSelect();
    publish("", queue, "first");
    publish("", queue, large());
    channel.waitForConfirmsOrDie(10_000);
    page.enter("#/test/record?id=" + recording.get("id"));
    page.await("both", d -> d.findElements(ROW).size() == 2);
    page.click(By.cssSelector("tr.msgrow:nth-child(2) .linkbtn"));
    page.click(Page.button("Show all 195 KiB"));
    awaitEnd("the end");
    http.delete("/dev/recordings/%2F/" + recording.get("id")).isEmpty(204);
  }

  @Test
  void whatALiveTailLeavesOutIsSaidAndNotCopied() throws Exception {
    String exchange = newExchange("fanout");
    page.enter("#/messages/live?exchange=" + exchange);
    page.awaitText("Nothing yet");
    publish(exchange, "large", large());
    page.click(ROW);
    page.awaitText(VIEWER, "A live tail has the first 4 KiB of each payload.");
    assertThat(Page.isOff(page.find(EDIT))).isTrue();
    page.click(By.cssSelector(".viewer .menu > button"));
    assertThat(Page.isOff(page.find(By.cssSelector(".viewer [role=menuitem]")))).isTrue();
  }
}
