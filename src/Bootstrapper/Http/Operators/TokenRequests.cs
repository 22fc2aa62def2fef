using System.Net;
using System.Text.Json.Serialization;
using Bootstrapper.Cluster;
using Bootstrapper.InForce;
using Bootstrapper.Inventory.Audit;
using Bootstrapper.Registry;
using Bootstrapper.Registry.Tokens;

namespace Bootstrapper.Http.Operators;

/// <summary>Answers who asks for a token of the registry: with what they may do of what they ask for.</summary>
internal sealed partial class TokenRequests(
    CurrentSnapshot current,
    OperatorTokens operators,
    ProgramPassword program,
    WrongTokens wrong,
    RegistryTokens tokens,
    DiskReserve reserve,
    OperationsTrail trail,
    ILogger<TokenRequests> logger)
{
    /// <summary>Of one request: clients ask for one, and for two or three to take layers from other repositories.</summary>
    private const int MostScopes = 20;

    public async Task<IResult> AnswerAsync(HttpContext context)
    {
        if (!context.Request.IsHttps)
        {
            return TypedResults.Problem("requires HTTPS", statusCode: StatusCodes.Status404NotFound);
        }

        return await AskerAsync(context) is { } asker ? Grant(context, asker) : Deny(context);
    }

    /// <returns><c>null</c> for who shows a password that is nobody's.</returns>
    private async Task<RegistryAsker?> AskerAsync(HttpContext context)
    {
        if (context.Request.Headers.Authorization.Count == 0)
        {
            return Anonymous(Client.Address(context), current.Value.Cluster);
        }

        await wrong.PauseAsync(context);
        var asker = BasicCredentials.PasswordOf(context.Request) is { } password && !OtherSite.Asks(context.Request)
            ? Owner(password)
            : null;
        if (asker is null)
        {
            wrong.Note(context);
        }

        return asker;
    }

    private static RegistryAsker Anonymous(IPAddress address, ClusterDescription cluster) => new(
        $"{address}",
        cluster.IsOfMachines(address) || IPAddress.IsLoopback(address) ? RegistryRole.Machine : RegistryRole.Stranger);

    private RegistryAsker? Owner(string password) =>
        program.Is(password) ? new RegistryAsker("bootstrapper", RegistryRole.Program)
        : operators.Find(password) is { } owner ? new RegistryAsker(owner.Name, RoleOf(owner.Role))
        : null;

    private static RegistryRole RoleOf(OperatorRole role) => role switch
    {
        OperatorRole.Admin => RegistryRole.Admin,
        OperatorRole.Operator => RegistryRole.Operator,
        _ => RegistryRole.Viewer,
    };

    private IResult Grant(HttpContext context, RegistryAsker asker)
    {
        var asked = RegistryScope.Parse(context.Request.Query["scope"]);
        if (asked.Count > MostScopes)
        {
            return TypedResults.Problem(
                $"too many scopes: expected {MostScopes} at most, got {asked.Count}",
                statusCode: StatusCodes.Status400BadRequest);
        }

        var granted = new RegistryRights(current.Value.Cluster, reserve.Shortage()).Grant(
            asker, asked, (scope, action, reason) => LogDenied(action, scope.Name, asker.Name, reason));
        NoteWrites(context, asker, granted);
        var token = tokens.Mint(asker.Role <= RegistryRole.Machine ? "" : asker.Name, granted);
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new TokenView(token.Text, (int)RegistryTokens.Lifetime.TotalSeconds, token.IssuedAt));
    }

    /// <summary>
    /// Before they have the token: it is good for any number of pushes and deletes. Our own are what <c>images/</c> holds.
    /// </summary>
    /// <exception cref="IOException">It cannot be told, so no token may be given.</exception>
    private void NoteWrites(HttpContext context, RegistryAsker asker, IReadOnlyList<RegistryScope> granted)
    {
        var by = asker.Role <= RegistryRole.Machine
            ? Author.Machine(Client.Address(context))
            : Author.Operator(asker.Name);
        foreach (var scope in granted.Where(scope => asker.Role < RegistryRole.Program && scope.Writes.Count > 0))
        {
            var what = $"registry: may {string.Join(" and ", scope.Writes)} {scope.Name}";
            trail.NoteFolded(by, what, $"{Client.Address(context)}");
        }
    }

    private IResult Deny(HttpContext context)
    {
        LogWrong(Client.Address(context).ToString());
        context.Response.Headers.WWWAuthenticate = "Basic realm=\"bootstrapper\"";
        return TypedResults.Problem(
            "denied: expected any user name, and the token of an operator (admin.token, operators/) as the password",
            statusCode: StatusCodes.Status401Unauthorized);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Denied {Action} of {Repository} in the registry to {Asker}: {Reason}")]
    private partial void LogDenied(string action, string repository, string asker, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Denied a token for the registry to {Asker}: unknown password")]
    private partial void LogWrong(string asker);
}

/// <summary>The wire form of a token.</summary>
/// <param name="ExpiresIn">Seconds.</param>
internal sealed record TokenView(
    string Token,
    [property: JsonPropertyName("expires_in")] int ExpiresIn,
    [property: JsonPropertyName("issued_at")] DateTimeOffset IssuedAt);
