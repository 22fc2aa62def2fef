using System.Net;
using System.Net.Sockets;

namespace Bootstrapper.Tests.Support;

/// <summary>
/// Ports that nobody listens on and that are given to no test twice. They lie below those that the kernel gives to clients
/// (ip(7), ip_local_port_range): one of those may be free now and somebody's a moment later.
/// </summary>
internal static class FreePort
{
    private const int First = 10_000, Count = 22_000;

    /// <summary>Test runs beside each other begin far apart.</summary>
    private static int _given = Environment.ProcessId * 97 % Count;

    public static int Next()
    {
        int port;
        do
        {
            port = First + (Interlocked.Increment(ref _given) % Count);
        }
        while (!IsFree(port));
        return port;
    }

    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Any, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
