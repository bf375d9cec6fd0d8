using System.Text.Json;
using Tinyvex.Fanout;
using Tinyvex.Feeding;
using Tinyvex.Rows;
using Tinyvex.Storage;
using Tinyvex.Writing;

namespace Tinyvex.Tests.Fanout;

public class HubTests
{
    private static readonly StoreIdentity Identity = new("0123456789abcdef0123456789abcdef", 42);

    [Test]
    public async Task A_reader_attached_now_gets_what_is_published_from_now_on()
    {
        using var hub = new Hub(Identity, position: 0);
        hub.Publish([Chunk(1, "t", "before")]);
        var listener = new Listener();
        var reader = hub.Attach(listener, StreamSet.Messages, "t");

        hub.Publish([Chunk(2, "t", "after"), Chunk(3, "other", "elsewhere")]);

        await Assert.That(listener.Wakes).IsEqualTo(1);
        await Assert.That(reader.Peek(hub.Position)).IsEqualTo(2);
        await Assert.That(Json(reader.Take()).GetProperty("append").GetString()).IsEqualTo("after");
        await Assert.That(reader.Peek(hub.Position)).IsNull();
    }

    [Test]
    public async Task Nobody_is_woken_for_a_thread_they_do_not_read()
    {
        using var hub = new Hub(Identity, position: 0);
        var listener = new Listener();
        hub.Attach(listener, StreamSet.Thread, "t");

        hub.Publish([Chunk(1, "other", "x")]);

        await Assert.That(listener.Wakes).IsEqualTo(0);
    }

    [Test]
    public async Task Many_changes_of_a_commit_wake_a_reader_once()
    {
        using var hub = new Hub(Identity, position: 0);
        var listener = new Listener();
        hub.Attach(listener, StreamSet.Thread, "t");

        hub.Publish([.. Enumerable.Range(1, 100).Select(position => Chunk(position, "t", "x"))]);

        await Assert.That(listener.Wakes).IsEqualTo(1);
    }

    [Test]
    public async Task The_frame_is_the_same_for_every_reader()
    {
        using var hub = new Hub(Identity, position: 0);
        var first = hub.Attach(new Listener(), StreamSet.Messages, "t");
        var second = hub.Attach(new Listener(), StreamSet.Thread, "t");
        var (all, _) = hub.AttachBroadcast(new Listener());

        hub.Publish([Chunk(1, "t", "x")]);

        first.Peek(1);
        second.Peek(1);
        all.Peek(1);
        var frame = first.Take().ToArray();
        await Assert.That(second.Take().ToArray()).IsEquivalentTo(frame);
        await Assert.That(all.Take().ToArray()).IsEquivalentTo(frame);
    }

    [Test]
    public async Task A_late_joiner_of_broadcast_mode_begins_with_the_last_hundred_updates()
    {
        using var hub = new Hub(Identity, position: 0);
        for (var position = 1; position <= 250; position++) hub.Publish([Chunk(position, "t", "x")]);

        var (reader, earlier) = hub.AttachBroadcast(new Listener());

        await Assert.That(earlier).IsEqualTo(0);
        await Assert.That(reader.Peek(hub.Position)).IsEqualTo(151);
    }

    [Test]
    public async Task A_topic_that_nobody_reads_any_more_is_given_up()
    {
        using var hub = new Hub(Identity, position: 0);
        var listener = new Listener();
        var reader = hub.Attach(listener, StreamSet.Messages, "t");
        hub.Detach(listener, reader);
        hub.Publish([Chunk(1, "t", "x")]);

        var again = hub.Attach(listener, StreamSet.Messages, "t");

        await Assert.That(again.Topic).IsNotSameReferenceAs(reader.Topic);
        await Assert.That(again.After).IsEqualTo(1);
        await Assert.That(listener.Wakes).IsEqualTo(0);
    }

    [Test]
    public async Task A_stream_of_all_threads_that_was_read_by_nobody_begins_at_the_head()
    {
        using var hub = new Hub(Identity, position: 0);
        hub.Publish([new ThreadChanged(1, new ThreadRow { Id = "a" })]);
        var reader = hub.Attach(new Listener(), StreamSet.Threads, null);
        hub.Publish([new ThreadChanged(2, new ThreadRow { Id = "b" })]);

        await Assert.That(reader.IsBehind).IsFalse();
        await Assert.That(reader.Peek(hub.Position)).IsEqualTo(2);
    }

    private static MessageChunk Chunk(long position, string thread, string text) => new(
        position, new MessageIdentity(thread, "item", "message", "assistant", 1), position, position, 0, System.Text.Encoding.UTF8.GetBytes(text), null);

    private static JsonElement Json(ReadOnlyMemory<byte> frame)
    {
        // Behind the WebSocket header: two bytes, or four where the length needs them.
        var header = (frame.Span[1] & 0x7f) == 126 ? 4 : 2;
        return JsonDocument.Parse(frame[header..]).RootElement;
    }

    private sealed class Listener : ITopicListener
    {
        public int Wakes { get; private set; }

        public void Wake(bool here) => Wakes++;
    }
}
