#!/usr/bin/env escript
%% -*- erlang -*-
%%! +S 2:2 +A 4
%% What every client is tried with, by RabbitMQ's Erlang client: steps.escript steps|restart URI QUEUE
-mode(compile).
-include_lib("amqp_client/include/amqp_client.hrl").

-define(LIMIT, 30000).
-define(HEADERS, [
    {<<"text">>, longstr, <<"häse"/utf8>>},
    {<<"number">>, signedint, 7},
    {<<"big">>, long, 1 bsl 40},
    {<<"yes">>, bool, true},
    {<<"real">>, double, 1.5},
    {<<"list">>, array, [{signedint, 1}, {longstr, <<"two">>}]},
    {<<"table">>, table, [{<<"in">>, longstr, <<"side">>}]}
]).

main([Mode, Uri, Queue]) ->
    logger:set_primary_config(level, none),
    process_flag(trap_exit, true),
    {ok, Params} = amqp_uri:parse(Uri),
    case Mode of
        "steps" -> steps(Params, list_to_binary(Queue));
        "restart" -> restart(Params, list_to_binary(Queue))
    end.

say(Format, Values) ->
    io:format(Format ++ "~n", Values).

same(What, Same, Same) -> say("~s same", [What]);
same(What, Actual, _Expected) -> say("~s ~p", [What, Actual]).

persistent(Body) ->
    #amqp_msg{props = #'P_basic'{delivery_mode = 2}, payload = Body}.

publish(Channel, Key, Message) ->
    publish(Channel, #'basic.publish'{routing_key = Key}, Message, confirmed).

publish(Channel, Publish, Message, confirmed) ->
    amqp_channel:cast(Channel, Publish, Message),
    true = amqp_channel:wait_for_confirms(Channel, {?LIMIT, millisecond}).

open_channel(Connection) ->
    {ok, Channel} = amqp_connection:open_channel(Connection),
    #'confirm.select_ok'{} = amqp_channel:call(Channel, #'confirm.select'{}),
    Channel.

consume(Channel, Queue) ->
    #'basic.consume_ok'{} =
        amqp_channel:subscribe(Channel, #'basic.consume'{queue = Queue}, self()),
    receive #'basic.consume_ok'{} -> ok after ?LIMIT -> exit(no_consume_ok) end.

%% Tells of the next delivery and returns its tag.
delivered() ->
    receive
        {#'basic.deliver'{delivery_tag = Tag, redelivered = Redelivered}, #amqp_msg{payload = Body}} ->
            say("delivered ~s ~s", [Body, Redelivered]),
            Tag
    after ?LIMIT -> exit(no_delivery)
    end.

ack(Channel, Tag) ->
    amqp_channel:cast(Channel, #'basic.ack'{delivery_tag = Tag}).

%% Takes so many messages with a prefetch count of 1; leaves the last unacknowledged.
take(Channel, Queue, Count) ->
    #'basic.qos_ok'{} = amqp_channel:call(Channel, #'basic.qos'{prefetch_count = 1}),
    consume(Channel, Queue),
    take(Channel, Count).

take(_Channel, 1) ->
    delivered();
take(Channel, Count) ->
    ack(Channel, delivered()),
    take(Channel, Count - 1).

get(Channel, Queue, NoAck) ->
    amqp_channel:call(Channel, #'basic.get'{queue = Queue, no_ack = NoAck}).

%% Runs the action on a channel of its own and tells why the broker closes that.
channel_error(Connection, Action) ->
    Channel = open_channel(Connection),
    Monitor = erlang:monitor(process, Channel),
    catch Action(Channel),
    receive
        {'DOWN', Monitor, process, Channel, {shutdown, {server_initiated_close, Code, Text}}} ->
            say("~b ~s", [Code, Text])
    after ?LIMIT -> exit(channel_not_closed)
    end.

steps(Params, Queue) ->
    {ok, Connection} = amqp_connection:start(Params),
    Channel = open_channel(Connection),
    Declare = #'queue.declare'{queue = Queue, durable = true},
    #'queue.declare_ok'{message_count = Messages, consumer_count = Consumers} =
        amqp_channel:call(Channel, Declare),
    say("declared ~b ~b", [Messages, Consumers]),

    [publish(Channel, Queue, persistent(Body)) || Body <- [<<"one">>, <<"two">>, <<"three">>]],
    say("confirmed 3", []),
    amqp_channel:register_return_handler(Channel, self()),
    Missing = <<Queue/binary, "-missing">>,
    Mandatory = #'basic.publish'{routing_key = Missing, mandatory = true},
    publish(Channel, Mandatory, persistent(<<"lost">>), confirmed),
    receive
        {#'basic.return'{reply_code = Code, reply_text = Text}, #amqp_msg{payload = Returned}} ->
            say("returned ~b ~s ~s", [Code, Text, Returned])
    after ?LIMIT -> exit(not_returned)
    end,

    {#'basic.get_ok'{delivery_tag = Tag, redelivered = Redelivered, message_count = Left},
        #amqp_msg{payload = Got}} = get(Channel, Queue, false),
    say("got ~s ~s ~b", [Got, Redelivered, Left]),
    amqp_channel:cast(Channel, #'basic.nack'{delivery_tag = Tag}),
    take(Channel, Queue, 2),
    ok = amqp_channel:close(Channel),
    Second = open_channel(Connection),
    ack(Second, take(Second, Queue, 2)),
    ok = amqp_channel:close(Second),

    Third = open_channel(Connection),
    Large = binary:copy(<<"x">>, 300000),
    publish(Third, Queue, #amqp_msg{props = #'P_basic'{headers = ?HEADERS}}),
    publish(Third, Queue, #amqp_msg{payload = Large}),
    {#'basic.get_ok'{}, #amqp_msg{props = #'P_basic'{headers = Headers}}} = get(Third, Queue, true),
    same("headers", Headers, ?HEADERS),
    {#'basic.get_ok'{}, #amqp_msg{payload = Body}} = get(Third, Queue, true),
    same("large", Body, Large),

    channel_error(Connection, fun(Ch) ->
        amqp_channel:call(Ch, #'queue.declare'{queue = Missing, passive = true})
    end),
    channel_error(Connection, fun(Ch) -> amqp_channel:call(Ch, #'queue.declare'{queue = Queue}) end),
    channel_error(Connection, fun(Ch) ->
        amqp_channel:cast(Ch, #'basic.publish'{exchange = Missing}, persistent(<<"lost">>))
    end),
    #'queue.delete_ok'{message_count = Deleted} =
        amqp_channel:call(Third, #'queue.delete'{queue = Queue}),
    say("deleted ~b", [Deleted]),
    ok = amqp_connection:close(Connection).

connect_again(_Params, 0) ->
    exit(broker_stays_away);
connect_again(Params, Attempts) ->
    case amqp_connection:start(Params) of
        {ok, Connection} ->
            Connection;
        {error, _} ->
            timer:sleep(100),
            connect_again(Params, Attempts - 1)
    end.

restart(Params, Queue) ->
    {ok, First} = amqp_connection:start(Params),
    Monitor = erlang:monitor(process, First),
    Before = open_channel(First),
    #'queue.declare_ok'{} =
        amqp_channel:call(Before, #'queue.declare'{queue = Queue, durable = true}),
    publish(Before, Queue, persistent(<<"before">>)),
    say("ready", []),
    consume(Before, Queue),
    delivered(),
    receive
        {'DOWN', Monitor, process, First, {shutdown, {server_initiated_close, 320, _Text}}} ->
            say("lost", [])
    after ?LIMIT -> exit(not_lost)
    end,

    Connection = connect_again(Params, 600),
    say("back", []),
    Channel = open_channel(Connection),
    consume(Channel, Queue),
    ack(Channel, delivered()),
    publish(Channel, Queue, persistent(<<"after">>)),
    say("confirmed after", []),
    ack(Channel, delivered()),
    ok = amqp_connection:close(Connection).
