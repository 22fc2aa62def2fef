using System.Globalization;
using Bootstrapper.Http.Operators;
using Bootstrapper.InForce;
using Bootstrapper.Inventory.Audit;
using Bootstrapper.Inventory.Etcd;
using Bootstrapper.Model;

namespace Bootstrapper.Http.Ancestors;

/// <summary>
/// <c>/etcd/new?size=</c> and <c>/etcd/{token}</c>: what discovery.etcd.io does, without it. Who has a token may use it, as
/// members do, which know nothing else yet; to make one takes an operator.
/// </summary>
internal static class EtcdEndpoints
{
    private const int LargestSize = 99;
    private const int LongestValue = 1024;

    public static void MapEtcd(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/etcd/new", [HttpMethods.Get, HttpMethods.Put, HttpMethods.Post], CreateAsync)
            .For(OperatorRole.Operator).ExcludeFromDescription();
        routes.MapGet("/etcd/{token}", GetAsync);
        routes.MapGet("/etcd/{token}/_config/size", Size);
        routes.MapGet("/etcd/{token}/{member}", GetAsync);
        routes.MapPut("/etcd/{token}/{member}", PutAsync);
        routes.MapDelete("/etcd/{token}/{member}", Delete);
    }

    private static async Task<IResult> CreateAsync(
        HttpContext context, EtcdRegistry registry, CurrentSnapshot current, OperationsTrail trail)
    {
        var stated = context.Request.Query["size"].ToString() is { Length: > 0 } query ? query
            : await FormAsync(context) is { } form ? form["size"].ToString() : "3";
        if (!int.TryParse(stated, CultureInfo.InvariantCulture, out var size) || size is < 1 or > LargestSize)
        {
            return TypedResults.Problem(
                $"size must be a number from 1 to {LargestSize}", statusCode: StatusCodes.Status400BadRequest);
        }

        trail.Note(
            Author.Operator(Operator.Of(context).Name),
            string.Create(CultureInfo.InvariantCulture, $"etcd: a discovery for {size} members"),
            $"{Client.Address(context)}");
        return registry.Create(size) is { } token
            ? TypedResults.Text($"{Urls.Base(current.Value.Cluster)}/etcd/{token}")
            : TypedResults.Problem(
                "there are too many tokens: remove old files from etcd/ in the data root",
                statusCode: StatusCodes.Status507InsufficientStorage);
    }

    private static IResult Size(string token, HttpContext context, EtcdRegistry registry) => registry.Find(token) is { } discovery
        ? EtcdAnswer.Of(
            context,
            discovery,
            "get",
            EtcdAnswer.Leaf(token, "_config/size", discovery.Size.ToString(CultureInfo.InvariantCulture), 1, 1))
        : EtcdAnswer.NotFound(context, token);

    /// <param name="member"><c>null</c> for all of them.</param>
    private static async Task<IResult> GetAsync(
        string token,
        string? member,
        bool? wait,
        long? waitIndex,
        HttpContext context,
        EtcdRegistry registry,
        IHostApplicationLifetime lifetime)
    {
        if (registry.Find(token) is not { } discovery)
        {
            return EtcdAnswer.NotFound(context, token);
        }

        if (wait == true)
        {
            return await WaitAsync(token, member, waitIndex ?? discovery.Index + 1, context, registry, lifetime);
        }

        return member is null ? EtcdAnswer.Of(context, discovery, "get", EtcdAnswer.Directory(token, discovery))
            : discovery.Find(member) is { } found ? EtcdAnswer.Of(context, discovery, "get", EtcdAnswer.Leaf(token, found))
            : EtcdAnswer.NotFound(context, token);
    }

    /// <summary>
    /// Returns with the first change that is not before <paramref name="index"/>: members wait so for the others.
    /// </summary>
    private static async Task<IResult> WaitAsync(
        string token, string? member, long index, HttpContext context, EtcdRegistry registry, IHostApplicationLifetime lifetime)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping, context.RequestAborted);
        while (!ending.IsCancellationRequested)
        {
            var discovery = registry.Find(token)!;
            if (discovery.Members.Where(known => member is null || known.Id == member).OrderBy(known => known.Modified)
                .FirstOrDefault(known => known.Modified >= index) is { } seen)
            {
                return EtcdAnswer.Of(
                    context, discovery, seen.Created == seen.Modified ? "create" : "set", EtcdAnswer.Leaf(token, seen));
            }

            await discovery.Changed.Task.WaitAsync(ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return TypedResults.StatusCode(StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<IResult> PutAsync(
        string token, string member, bool? prevExist, HttpContext context, EtcdRegistry registry)
    {
        var form = await FormAsync(context);
        var value = form?["value"].ToString() is { Length: > 0 } inBody ? inBody : context.Request.Query["value"].ToString();
        var mustBeNew = prevExist == false || form?["prevExist"].ToString() == "false";
        if (registry.Find(token) is not { } before)
        {
            return EtcdAnswer.NotFound(context, token);
        }

        if (value.Length is 0 or > LongestValue || member.Length > LongestValue)
        {
            return EtcdAnswer.Error(context, before, StatusCodes.Status400BadRequest, 209, "Invalid field", member);
        }

        if (mustBeNew && before.Find(member) is not null)
        {
            return EtcdAnswer.Error(context, before, StatusCodes.Status412PreconditionFailed, 105, "Key already exists", member);
        }

        var after = registry.Set(token, member, value);
        return after.Find(member) is { } kept
            ? EtcdAnswer.Of(
                context,
                after,
                mustBeNew ? "create" : "set",
                EtcdAnswer.Leaf(token, kept),
                before.Find(member) is null ? StatusCodes.Status201Created : StatusCodes.Status200OK)
            : EtcdAnswer.Error(context, after, StatusCodes.Status403Forbidden, 110, "The cluster has too many members", member);
    }

    /// <returns><c>null</c> where there is none.</returns>
    private static async Task<IFormCollection?> FormAsync(HttpContext context) =>
        context.Request.HasFormContentType ? await FormBody.ReadAsync(context) : null;

    private static IResult Delete(string token, string member, HttpContext context, EtcdRegistry registry)
    {
        if (registry.Find(token)?.Find(member) is not { } gone)
        {
            return EtcdAnswer.NotFound(context, token);
        }

        return EtcdAnswer.Of(context, registry.Set(token, member, value: null), "delete", EtcdAnswer.Leaf(token, gone));
    }
}
