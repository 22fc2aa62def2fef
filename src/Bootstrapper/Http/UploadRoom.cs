using System.Net;
using Bootstrapper.Host;
using Bootstrapper.Registry;
using Microsoft.AspNetCore.Connections;

namespace Bootstrapper.Http;

/// <summary>
/// Room for uploads that were begun. A token is looked at when a request begins, and its body may then be as long as it likes:
/// the reserve of the disk would be gone before anybody asks again.
/// </summary>
/// <param name="shortage">Why there is none; <c>null</c> where there is.</param>
internal sealed partial class UploadRoom(Func<string?> shortage, TimeProvider time, ILogger<UploadRoom> logger)
{
    private readonly Lock _gate = new();
    private readonly OncePer _warnings = new(TimeSpan.FromMinutes(1), time);

    public UploadRoom(DiskReserve reserve, TimeProvider time, ILogger<UploadRoom> logger)
        : this(reserve.Shortage, time, logger)
    {
    }

    /// <summary>The preloader sends from this host, and what nodes run from is what the reserve is for.</summary>
    /// <exception cref="IOException">There is no room for more of what comes from another host.</exception>
    public void Require(ConnectionContext client)
    {
        if (IsOwn(client) || shortage() is not { } reason)
        {
            return;
        }

        lock (_gate)
        {
            if (_warnings.TryPass())
            {
                LogCut((client.RemoteEndPoint as IPEndPoint)?.Address, reason);
            }
        }

        throw new IOException(reason);
    }

    private static bool IsOwn(ConnectionContext client) =>
        client is { RemoteEndPoint: IPEndPoint from, LocalEndPoint: IPEndPoint to }
        && (IPAddress.IsLoopback(from.Address) || from.Address.Equals(to.Address));

    [LoggerMessage(Level = LogLevel.Warning, Message = "Cut off an upload of {Address}: {Reason}")]
    private partial void LogCut(IPAddress? address, string reason);
}
