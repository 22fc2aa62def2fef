namespace Bootstrapper.Http.Operators;

/// <summary>
/// Whether whoever made a request that lasts may still make it: access that is revoked does not last as long as a connection.
/// </summary>
internal sealed class StandingAccess(OperatorTokens tokens, Sessions sessions, OperatorCertificates certificates)
{
    /// <returns>Says whether it is so, whenever it is asked.</returns>
    public Func<bool> Of(HttpContext context, OperatorRole least)
    {
        // Who comes by a certificate may still send the cookie of a session that is over.
        var bySession = sessions.Of(context.Request) is not null;
        return () => Now()?.Role >= least;

        Operator? Now() => OperatorTokens.HasToken(context.Request) ? tokens.Of(context.Request)
            : bySession ? sessions.Of(context.Request)
            : certificates.Of(context);
    }
}
