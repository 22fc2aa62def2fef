using System.Net;

namespace Bootstrapper.Http;

/// <summary>Who is on the other end of a connection.</summary>
internal static class Client
{
    private const int LongestText = 500;

    /// <summary>Always as IPv4 where it is IPv4. There is no proxy before us, so no header has a say in it.</summary>
    public static IPAddress Address(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } address ? address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address : IPAddress.None;

    /// <summary>HEAD: it asks how large an answer is and what it is like, and takes nothing. So nothing is given, counted or found because of it.</summary>
    public static bool OnlyLooks(HttpContext context) => HttpMethods.IsHead(context.Request.Method);

    /// <summary>What others say ends up in logs, in git and on screens.</summary>
    public static string Printable(string text) => new([.. text.Take(LongestText).Select(c => char.IsControl(c) ? ' ' : c)]);
}
