package io.harveymq.server.ctl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.broker.auth.PasswordHash;
import io.harveymq.management.json.Json;
import io.harveymq.server.ctl.Api.Reply;
import io.harveymq.server.http.HttpCall;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Users. Any thread. */
final class UserCommands {
  private static final String USER = "users/{}";
  private static final String LATER =
      "Done. Don't forget to grant the user permissions to some virtual hosts! See 'rabbitmqctl help"
          + " set_permissions' to learn more.";

  private UserCommands() {}

  static void addTo(CommandTable table) {
    table.group("Users", List.of(Tool.CTL));
    table.add(
        "add_user",
        "<username> [<password>] [--pre-hashed-password]",
        "Creates a user, who has no permissions yet; without a password it is read from the input",
        UserCommands::add);
    table.add(
        "authenticate_user",
        "<username> [<password>]",
        "Checks a password; fails when it is wrong",
        UserCommands::authenticate);
    table.add(
        "change_password",
        "<username> [<password>] [--pre-hashed-password]",
        "Changes a user's password",
        UserCommands::changePassword);
    table.add(
        "clear_password",
        "<username>",
        "Takes a user's password away, so that nobody can log in with one",
        UserCommands::clearPassword);
    table.add("delete_user", "<username>", "Removes a user", UserCommands::delete);
    table.add(
        "hash_password",
        "[<cleartext_password>]",
        "Prints the hash of a password, for definitions; without one it is read from the input",
        UserCommands::hash);
    table.add(
        "set_user_tags", "<username> [<tag> ...]", "Sets a user's tags", UserCommands::setTags);
    table.group("Users", Tool.BOTH);
    table.add("list_users", "", "Lists users and their tags", UserCommands::list);
  }

  private static void add(Call call) throws CtlException {
    String name = name(call);
    call.banner("Adding user \"" + name + "\" ...");
    ObjectNode body = password(call, Json.object());
    if (!call.api().tryGet(Api.path(USER, name)).isMissing()) {
      throw new CtlException(Exit.SOFTWARE, "Error:\nUser \"" + name + "\" already exists");
    }
    body.putArray("tags");
    Api.require(call.api().put(Api.path(USER, name), body));
    call.banner(LATER);
  }

  private static String name(Call call) throws CtlException {
    if (call.argument(0).isEmpty()) {
      throw CtlException.arguments(Exit.DATA, "Bad argument: user cannot be an empty string");
    }
    return call.argument(0);
  }

  /** Puts the password that was given into a description of a user. */
  private static ObjectNode password(Call call, ObjectNode user) throws CtlException {
    String given = given(call, 1);
    if (call.has("pre-hashed-password")) {
      return user.put("password_hash", given);
    }
    return given.isEmpty() ? user.put("password_hash", "") : user.put("password", given);
  }

  private static void hash(Call call) throws CtlException {
    String password = call.argument(0);
    if ("".equals(password)) {
      throw CtlException.arguments(Exit.DATA, "Bad argument: password cannot be an empty string");
    }
    call.banner(
        password == null ? "Will hash provided password" : "Will hash password " + password);
    call.api().get("whoami");
    call.say(PasswordHash.of(given(call, 0)).base64());
  }

  /** The password among the arguments, or the first line of the input. */
  private static String given(Call call, int index) throws CtlException {
    if (call.argument(index) != null) {
      return call.argument(index);
    }
    String read;
    if (System.console() != null) {
      char[] typed = System.console().readPassword("Password: ");
      read = typed == null ? null : new String(typed);
    } else {
      try {
        call.banner("Password: ");
        read =
            new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()))
                .readLine();
      } catch (IOException broken) {
        read = null;
      }
    }
    if (read == null) {
      throw new CtlException(Exit.DATA, "Error:\nPassword is not provided via argument or stdin");
    }
    return read;
  }

  private static void authenticate(Call call) throws CtlException {
    String name = name(call);
    call.banner("Authenticating user \"" + name + "\" ...");
    String form =
        "username=" + HttpCall.encode(name) + "&password=" + HttpCall.encode(given(call, 1));
    Reply reply = call.api().post("login", form.getBytes(StandardCharsets.UTF_8));
    if (!reply.isOk()) {
      throw new CtlException(
          Exit.DATA,
          "Error:\nError: failed to authenticate user \""
              + name
              + "\"\nuser '"
              + name
              + "' - invalid credentials");
    }
    call.banner("Success");
  }

  private static void changePassword(Call call) throws CtlException {
    String name = name(call);
    call.banner("Changing password for user \"" + name + "\" ...");
    ObjectNode user = existing(call, name);
    user.remove("password_hash");
    user.remove("hashing_algorithm");
    put(call, name, password(call, user));
  }

  private static void clearPassword(Call call) throws CtlException {
    String name = name(call);
    call.banner("Clearing password for user \"" + name + "\" ...");
    put(call, name, required(call, name).put("password_hash", ""));
  }

  private static void setTags(Call call) throws CtlException {
    String name = name(call);
    List<String> tags = call.arguments().subList(1, call.arguments().size());
    call.banner("Setting tags for user \"" + name + "\" to [" + String.join(", ", tags) + "] ...");
    ObjectNode user = existing(call, name);
    tags.forEach(user.putArray("tags")::add);
    put(call, name, user);
  }

  private static void put(Call call, String name, ObjectNode user) throws CtlException {
    Api.require(call.api().put(Api.path(USER, name), user));
  }

  private static void delete(Call call) throws CtlException {
    String name = name(call);
    call.banner("Deleting user \"" + name + "\" ...");
    Reply reply = call.api().delete(Api.path(USER, name));
    if (reply.isMissing()) {
      throw noSuchUser("\"" + name + "\"");
    }
    Api.require(reply);
  }

  private static ObjectNode existing(Call call, String name) throws CtlException {
    Reply reply = call.api().tryGet(Api.path(USER, name));
    if (reply.isMissing()) {
      throw noSuchUser("\"" + name + "\"");
    }
    return (ObjectNode) Api.require(reply).body();
  }

  /**
   * A user who has to be there.
   *
   * @throws CtlException as most commands tell that there is none
   */
  static ObjectNode required(Call call, String name) throws CtlException {
    Reply reply = call.api().tryGet(Api.path(USER, name));
    if (reply.isMissing()) {
      throw CtlException.refused("{:no_such_user, \"" + name + "\"}");
    }
    return (ObjectNode) Api.require(reply).body();
  }

  /**
   * As some commands tell it.
   *
   * @param shown the name, in quotes or not
   */
  static CtlException noSuchUser(String shown) {
    return new CtlException(Exit.NO_USER, "Error:\nUser " + shown + " does not exist");
  }

  private static void list(Call call) throws CtlException {
    call.banner("Listing users ...");
    JsonNode users = call.get("users");
    List<ObjectNode> rows = Call.rows(users, List.of("name", "tags"));
    rows.replaceAll(
        row -> {
          ObjectNode shown = Json.object();
          shown.set("user", row.get("name"));
          return shown.set("tags", row.get("tags"));
        });
    call.table(List.of("user", "tags"), rows);
  }
}
