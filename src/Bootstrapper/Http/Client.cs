using System.Net;
using Bootstrapper.Cluster;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Bootstrapper.Http;

/// <summary>Who is on the other end of a connection.</summary>
internal static class Client
{
    /// <summary>Always as IPv4 where it is IPv4. There is no proxy before us, so no header has a say in it.</summary>
    public static IPAddress Address(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } address
            ? address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address
            : IPAddress.None;

    /// <summary>
    /// HEAD: it asks how large an answer is and what it is like, and takes nothing. So nothing is given, counted or found because
    /// of it.
    /// </summary>
    public static bool OnlyLooks(HttpContext context) => HttpMethods.IsHead(context.Request.Method);

    /// <summary>What monitoring asks all day, which is no step of any machine.</summary>
    public static bool Monitors(HttpRequest request) => RequestPath.Is(request, "/healthz", "/readyz", "/metrics");

    /// <summary>Whether the path has the token of an etcd discovery in it, which is as good as a password.</summary>
    public static bool NamesToken(HttpContext context) =>
        RequestPath.IsUnder(context.Request, "/etcd") && !RequestPath.Is(context.Request, "/etcd", "/etcd/new");

    /// <summary>
    /// What it asked for, as its route has it: one name for one thing, however it was spelled, so that what is counted and kept
    /// by it stays little. A machine's card is written as we write it.
    /// </summary>
    public static string RouteOf(HttpContext context) =>
        !NamesToken(context) && context.GetEndpoint() is RouteEndpoint { RoutePattern: var pattern }
        ? new PathString("/" + string.Join('/', pattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(part =>
            part switch
            {
                RoutePatternLiteralPart literal => literal.Content,
                RoutePatternSeparatorPart separator => separator.Content,
                RoutePatternParameterPart parameter => ValueOf(context.Request.RouteValues[parameter.Name]),
                _ => "",
            }))))).ToUriComponent()
        : PathOf(context);

    private static string ValueOf(object? value) =>
        MacAddress.TryParse($"{value}", null, out var card) ? $"{card}" : $"{value}";

    /// <summary>What it asked for, escaped as on the wire: a line break in it must not begin a line in a log. No token.</summary>
    public static string PathOf(HttpContext context) =>
        NamesToken(context) ? "/etcd/…" : context.Request.Path.ToUriComponent();
}
