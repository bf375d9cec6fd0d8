using Microsoft.Extensions.Logging;
using Tinyvex.Storage;
using Tinyvex.Writing;

namespace Tinyvex.Sessions;

/// <summary>What all sessions share.</summary>
internal sealed record SessionServices(
    SessionRegistry Registry, Writer Writer, ReaderPool Readers, TinyvexOptions Options, string Version, TimeProvider Time, ILogger Logger);
