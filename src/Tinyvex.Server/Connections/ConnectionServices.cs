using Microsoft.Extensions.Logging;
using Tinyvex.Fanout;
using Tinyvex.Sessions;
using Tinyvex.Storage;
using Tinyvex.Writing;

namespace Tinyvex.Connections;

/// <summary>What all connections share.</summary>
/// <param name="StopServer">Asks for an orderly end of the server, and returns at once.</param>
internal sealed record ConnectionServices(
    TinyvexOptions Options, StoreIdentity Identity, Writer Writer, ReaderPool Readers, Hub Hub, SessionRegistry Sessions, ServerFacts Facts,
    TimeProvider Time, ILogger Logger, Action StopServer);
