package io.harveymq.server.ctl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.management.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tables as rabbitmqctl 3.10 prints them. */
class OutputTest {
  private static final List<String> COLUMNS = List.of("name", "arguments", "tags");

  private static String print(List<ObjectNode> rows, String... words) throws Exception {
    CommandTable table = CommandTable.complete();
    CommandLine line = CommandLine.parse(Tool.CTL, table, List.of(words));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Output output = new Output(new PrintStream(out, true, StandardCharsets.UTF_8), line);
    output.banner("Listing ...");
    output.table(COLUMNS, rows, true);
    return out.toString(StandardCharsets.UTF_8);
  }

  private static List<ObjectNode> rows() {
    ObjectNode row = Json.object().put("name", "q \"1\"");
    row.putObject("arguments").put("x-max-length", 10).put("x-mode", "lazy").put("k", true);
    row.putArray("tags").add("a").add("b");
    return List.of(row);
  }

  @Test
  void tabsSeparateColumns() throws Exception {
    assertThat(print(rows()))
        .isEqualTo(
            "Listing ...\nname\targuments\ttags\n"
                + "q \"1\"\t[{\"x-max-length\",10},{\"x-mode\",\"lazy\"},{\"k\",true}]\t[a, b]\n");
  }

  @Test
  void quietIsWithoutBannerAndSilentWithoutHeader() throws Exception {
    assertThat(print(rows(), "-q")).startsWith("name\t");
    assertThat(print(rows(), "--silent")).startsWith("q \"1\"\t");
    assertThat(print(rows(), "--no-table-headers")).startsWith("Listing ...\nq \"1\"\t");
  }

  @Test
  void anEmptyListIsAnEmptyLine() throws Exception {
    assertThat(print(List.of())).isEqualTo("Listing ...\n\n");
    assertThat(print(List.of(), "--formatter", "json")).isEqualTo("[]\n");
  }

  @Test
  void documentsHaveTablesWithTypes() throws Exception {
    assertThat(print(rows(), "--formatter=json"))
        .isEqualTo(
            "[\n{\"name\":\"q \\\"1\\\"\",\"arguments\":[[\"x-max-length\",\"signedint\",10],"
                + "[\"x-mode\",\"longstr\",\"lazy\"],[\"k\",\"bool\",true]],\"tags\":[\"a\",\"b\"]}\n]\n");
  }

  @Test
  void commasSeparateWhatIsQuoted() throws Exception {
    assertThat(print(rows(), "--formatter", "csv"))
        .startsWith("\"name\",\"arguments\",\"tags\"\n\"q \"\"1\"\"\",");
  }

  @Test
  void linesSurroundAPrettyTable() throws Exception {
    ObjectNode row = Json.object().put("name", "q1").put("arguments", "").put("tags", "t");
    assertThat(print(List.of(row), "-q", "--formatter", "pretty_table"))
        .isEqualTo(
            """
            ┌──────┬───────────┬──────┐
            │ name │ arguments │ tags │
            ├──────┼───────────┼──────┤
            │ q1   │           │ t    │
            └──────┴───────────┴──────┘
            """);
  }

  @Test
  void otherFormatsAreRefused() {
    assertThatThrownBy(() -> print(rows(), "--formatter", "erlang"))
        .isInstanceOf(CtlException.class)
        .hasMessageContaining("json or csv, got erlang");
  }
}
