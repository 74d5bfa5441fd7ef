%% Runs inside the RabbitMQ node that Harvey is compared with. The file that HARVEY_QUIET_FILE
%% names gets the port on which a client on loopback asks
%%   quiet N   answered when N AMQP connections are left and no process of the node has
%%             anything to do: all wait with an empty mailbox, and none ran between two looks
%%   clean     removes every policy, queue, binding and exchange that is not predeclared
%%   user, permissions, topic-permissions, clear-topic-permissions ...
%%             adds a user; says what the user may do in the virtual host /
%%   vhost V U adds a virtual host in which the user U may do everything
%%   policy, clear-policy, operator-policy, clear-operator-policy ...   what they say
%% and gets the line "ok", or a line that says what went wrong.
-module(harvey_quiet).
-export([start/0]).

-define(LONGEST_WAIT_MS, 25000).

start() ->
    File = os:getenv("HARVEY_QUIET_FILE"),
    spawn(fun() ->
              {ok, Listener} = gen_tcp:listen(0, [binary, {packet, line}, {active, false},
                                                  {ip, {127, 0, 0, 1}}]),
              {ok, Port} = inet:port(Listener),
              ok = file:write_file(File ++ ".tmp", integer_to_list(Port)),
              ok = file:rename(File ++ ".tmp", File),
              accept(Listener)
          end).

accept(Listener) ->
    {ok, Socket} = gen_tcp:accept(Listener),
    ok = inet:setopts(Socket, [{nodelay, true}]),
    serve(Socket),
    accept(Listener).

serve(Socket) ->
    case gen_tcp:recv(Socket, 0) of
        {ok, Line} ->
            Answer = try answer(string:lexemes(Line, " \r\n")) of
                         ok -> "ok";
                         {error_string, Text} -> re:replace(Text, "\n", " ", [global]);
                         Text -> Text
                     catch
                         Class:Reason -> io_lib:format("~0p ~0p", [Class, Reason])
                     end,
            ok = gen_tcp:send(Socket, [Answer, "\n"]),
            serve(Socket);
        {error, _Closed} ->
            gen_tcp:close(Socket)
    end.

answer([<<"quiet">>, Connections]) ->
    await_quiet(binary_to_integer(Connections), monotonic() + ?LONGEST_WAIT_MS);
answer([<<"user">>, Name]) ->
    rabbit_auth_backend_internal:add_user(Name, Name, <<"harvey">>);
answer([<<"vhost">>, Name, User]) ->
    ok = rabbit_vhost:add(Name, <<"harvey">>),
    rabbit_auth_backend_internal:set_permissions(User, Name, <<".*">>, <<".*">>, <<".*">>,
                                                 <<"harvey">>);
answer([<<"permissions">>, Name, Configure, Write, Read]) ->
    rabbit_auth_backend_internal:set_permissions(Name, <<"/">>, Configure, Write, Read,
                                                 <<"harvey">>);
answer([<<"clear-topic-permissions">>, Name]) ->
    rabbit_auth_backend_internal:clear_topic_permissions(Name, <<"/">>, <<"harvey">>);
answer([<<"topic-permissions">>, Name, Exchange, TopicWrite, TopicRead]) ->
    rabbit_auth_backend_internal:set_topic_permissions(Name, <<"/">>, Exchange, TopicWrite,
                                                       TopicRead, <<"harvey">>);
answer([<<"policy">>, Name, Pattern, ApplyTo, Priority, Definition]) ->
    rabbit_policy:parse_set(<<"/">>, Name, Pattern, Definition, Priority, ApplyTo, <<"harvey">>);
answer([<<"operator-policy">>, Name, Pattern, ApplyTo, Priority, Definition]) ->
    rabbit_policy:parse_set_op(<<"/">>, Name, Pattern, Definition, Priority, ApplyTo,
                               <<"harvey">>);
answer([<<"clear-policy">>, Name]) ->
    rabbit_policy:delete(<<"/">>, Name, <<"harvey">>);
answer([<<"clear-operator-policy">>, Name]) ->
    rabbit_policy:delete_op(<<"/">>, Name, <<"harvey">>);
answer([<<"clean">>]) ->
    [ok = rabbit_policy:delete(<<"/">>, proplists:get_value(name, Policy), <<"harvey">>)
     || Policy <- rabbit_policy:list(<<"/">>)],
    [ok = rabbit_policy:delete_op(<<"/">>, proplists:get_value(name, Policy), <<"harvey">>)
     || Policy <- rabbit_policy:list_op(<<"/">>)],
    %% The end of one may be the end of others, which are not found then.
    [rabbit_amqqueue:delete(Queue, false, false, <<"harvey">>)
     || Queue <- rabbit_amqqueue:list()],
    [rabbit_exchange:delete(element(2, Exchange), false, <<"harvey">>)
     || Exchange <- rabbit_exchange:list(), not is_predeclared(element(2, Exchange))],
    [ok = rabbit_binding:remove(Binding, fun(_, _) -> ok end, <<"harvey">>)
     || VHost <- rabbit_vhost:list_names(), Binding <- rabbit_binding:list(VHost)],
    ok.

is_predeclared({resource, _, exchange, <<>>}) -> true;
is_predeclared({resource, _, exchange, <<"amq.", _/binary>>}) -> true;
is_predeclared(_) -> false.

await_quiet(Connections, Deadline) ->
    Looked = look(),
    Open = length(rabbit_networking:local_connections()),
    case Open =:= Connections andalso Looked =/= busy andalso look() =:= Looked of
        true ->
            ok;
        false ->
            case monotonic() > Deadline of
                true -> io_lib:format("~b connections where ~b were expected, ~0p",
                                      [Open, Connections, busy_processes()]);
                false -> erlang:yield(), await_quiet(Connections, Deadline)
            end
    end.

look() ->
    look(processes(), self(), []).

look([Self | Others], Self, Seen) ->
    look(Others, Self, Seen);
look([Process | Others], Self, Seen) ->
    case process_info(Process, [status, message_queue_len, reductions]) of
        [{status, waiting}, {message_queue_len, 0}, {reductions, Reductions}] ->
            look(Others, Self, [{Process, Reductions} | Seen]);
        undefined ->
            look(Others, Self, Seen);
        _ ->
            busy
    end;
look([], _Self, Seen) ->
    Seen.

busy_processes() ->
    [{Process, process_info(Process, [registered_name, current_function, message_queue_len])}
     || Process <- processes(), Process =/= self(),
        process_info(Process, [status, message_queue_len]) =/=
            [{status, waiting}, {message_queue_len, 0}]].

monotonic() ->
    erlang:monotonic_time(millisecond).
