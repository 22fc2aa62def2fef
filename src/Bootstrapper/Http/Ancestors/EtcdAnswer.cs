using System.Globalization;
using System.Text.Json.Serialization;
using Bootstrapper.Inventory.Etcd;

namespace Bootstrapper.Http.Ancestors;

/// <summary>Answers as etcd's keys API, version 2, gives them: the discovery protocol is made of it.</summary>
internal static class EtcdAnswer
{
    private const string IndexHeader = "X-Etcd-Index";

    public static IResult Of(
        HttpContext context, EtcdDiscovery discovery, string action, EtcdKey key, int status = StatusCodes.Status200OK)
    {
        Stamp(context, discovery.Index);
        return TypedResults.Json(new EtcdResponse(action, key), statusCode: status);
    }

    public static IResult Error(HttpContext context, EtcdDiscovery? discovery, int status, int code, string message, string cause)
    {
        Stamp(context, discovery?.Index ?? 0);
        return TypedResults.Json(new EtcdError(code, message, cause, discovery?.Index ?? 0), statusCode: status);
    }

    public static IResult NotFound(HttpContext context, string token) =>
        Error(context, discovery: null, StatusCodes.Status404NotFound, 100, "Key not found", $"/{token}");

    public static EtcdKey Directory(string token, EtcdDiscovery discovery) =>
        new(KeyOf(token), null, true, [.. discovery.Members.Select(member => Leaf(token, member))], 1, 1);

    public static EtcdKey Leaf(string token, EtcdMember member) =>
        Leaf(token, member.Id, member.Value, member.Created, member.Modified);

    public static EtcdKey Leaf(string token, string name, string value, long created, long modified) =>
        new($"{KeyOf(token)}/{name}", value, null, null, modified, created);

    private static string KeyOf(string token) => $"/_etcd/registry/{token}";

    private static void Stamp(HttpContext context, long index) =>
        context.Response.Headers[IndexHeader] = index.ToString(CultureInfo.InvariantCulture);
}

internal sealed record EtcdResponse(string Action, EtcdKey Node);

/// <param name="Value"><c>null</c> for a directory.</param>
internal sealed record EtcdKey(
    string Key,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Value,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? Dir,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<EtcdKey>? Nodes,
    long ModifiedIndex,
    long CreatedIndex);

internal sealed record EtcdError(int ErrorCode, string Message, string Cause, long Index);
