using Microsoft.Extensions.Logging;
using Tinyvex.Fanout;
using Tinyvex.Sessions;
using Tinyvex.Storage;
using Tinyvex.Writing;

namespace Tinyvex.Connections;

/// <summary>What all connections share.</summary>
internal sealed record ConnectionServices(
    TinyvexOptions Options, StoreIdentity Identity, Writer Writer, ReaderPool Readers, Hub Hub, SessionRegistry Sessions, ServerFacts Facts,
    TimeProvider Time, ILogger Logger);
