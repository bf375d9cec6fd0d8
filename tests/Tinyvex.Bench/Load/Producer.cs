using System.Globalization;
using System.Text;

namespace Tinyvex.Bench.Load;

/// <summary>A client that ingests chunks into one thread. A frame is made by writing three numbers of fixed width into a template.</summary>
internal sealed class Producer : IDisposable
{
    /// <summary>Numbers begin here, so that all have as many digits.</summary>
    private const long First = 100_000_000;

    private readonly int _ofMessage;
    private readonly byte[] _template;
    private readonly int _jsonLength;
    private readonly int _idAt;
    private readonly int _messageAt;
    private readonly int _numberAt;
    private byte[] _frames = [];

    /// <param name="ofMessage">Chunks of each message.</param>
    public Producer(int port, string threadId, int ofMessage = Chunk.OfMessage)
    {
        Socket = LoadSocket.Connect(port);
        _ofMessage = ofMessage;
        var json = Chunk.Create(threadId, First, messageId: MessageOf(First)).Frame;
        _jsonLength = json.Length;
        var header = LoadSocket.HeaderBytes(_jsonLength);
        _template = new byte[header + json.Length];
        json.CopyTo(_template, header);
        _idAt = _template.AsSpan().IndexOf("\"id\":"u8) + 5;
        _messageAt = _template.AsSpan().IndexOf("\"messageId\":\"m"u8) + 14;
        _numberAt = NumberAt(_template);
    }

    public LoadSocket Socket { get; }

    public long Sent { get; private set; }

    public long Acked { get; private set; }

    /// <summary>The number of the update in a frame, counted from zero; for frames that carry one update.</summary>
    public static int NumberOf(ReadOnlySpan<byte> json) =>
        (int)(long.Parse(json.Slice(NumberAt(json), 9), NumberStyles.None, CultureInfo.InvariantCulture) - First);

    /// <summary>The text of a thread's first updates.</summary>
    public static string TextOf(long count)
    {
        var text = new StringBuilder();
        for (var number = First; number < First + count; number++) text.Append(Encoding.UTF8.GetString(Chunk.Create("", number).Text));
        return text.ToString();
    }

    private string MessageOf(long number) => string.Create(CultureInfo.InvariantCulture, $"m{number / _ofMessage}");

    private static int NumberAt(ReadOnlySpan<byte> json) => json.IndexOf(Chunk.Mark) - 9;

    /// <summary>Sends the next updates in one write.</summary>
    public void Send(int count)
    {
        var bytes = count * _template.Length;
        if (_frames.Length < bytes) _frames = new byte[bytes];
        for (var i = 0; i < count; i++)
        {
            var frame = _frames.AsSpan(i * _template.Length, _template.Length);
            _template.CopyTo(frame);
            var number = First + Sent++;
            Write(number + 1, frame[_idAt..]);
            Write(number / _ofMessage, frame[_messageAt..]);
            Write(number, frame[_numberAt..]);
            LoadSocket.Frame(frame, _jsonLength);
        }

        Socket.Send(_frames.AsSpan(0, bytes));
    }

    /// <summary>Sends the next updates as fast as they are acked.</summary>
    public void SendAll(int count, int window = 512)
    {
        var end = Sent + count;
        while (Acked < end)
        {
            if ((int)Math.Min(end - Sent, window - (Sent - Acked)) is > 0 and var next) Send(next);
            Receive();
        }
    }

    private static void Write(long number, Span<byte> at) => number.TryFormat(at, out _, provider: CultureInfo.InvariantCulture);

    /// <summary>Reads the acks that have arrived.</summary>
    public void Receive() => Socket.Receive(json =>
    {
        if (!json.StartsWith("{\"type\":\"tinyvex.ack\""u8)) throw new IOException($"instead of an ack came {Encoding.UTF8.GetString(json)}");
        Acked++;
    });

    public void Dispose() => Socket.Dispose();
}
