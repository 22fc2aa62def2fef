namespace Bootstrapper.Http.Operators;

/// <summary>
/// Requests that a page of another site makes an operator's browser send. It sends a client certificate along, or a password that
/// it remembers, whoever's page it shows; but it says whose that is (Fetch Metadata, <c>Sec-Fetch-Site</c>; browsers before 2023
/// do so for what is not a GET, with <c>Origin</c>). Other programs say nothing.
/// </summary>
internal static class OtherSite
{
    public static bool Asks(HttpRequest request) => request.Headers["Sec-Fetch-Site"].ToString() is { Length: > 0 } site
        ? site is not ("same-origin" or "none") // none: a person typed the address
        : request.Headers.Origin.ToString() is { Length: > 0 } origin
            && !origin.Equals($"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);
}
