namespace Bootstrapper.Http.Operators;

/// <summary>What whoever names a node is told when nothing is called so.</summary>
internal static class UnknownNode
{
    /// <param name="hint">Follows after a semicolon.</param>
    public static IResult Answer(string name, string? hint = null) => TypedResults.Problem(
        Named(name) + (hint is null ? "" : $"; {hint}"), statusCode: StatusCodes.Status404NotFound);

    public static string Named(string name) => $"no node has the MAC address, host name, serial number or UUID {name}";
}
