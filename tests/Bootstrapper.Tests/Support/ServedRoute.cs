using System.Text.RegularExpressions;
using Bootstrapper.Http.Operators;
using Microsoft.AspNetCore.Routing;

namespace Bootstrapper.Tests.Support;

/// <summary>One thing that may be asked, as the program itself lists it: a test of all of them has every new one in it.</summary>
/// <param name="Pattern">The path, parameters in braces.</param>
/// <param name="ForOperators">Whether it takes HTTPS and a token.</param>
internal sealed partial record ServedRoute(string Pattern, IReadOnlyList<string> Methods, bool ForOperators)
{
    public static ServedRoute Of(RouteEndpoint endpoint) => new(
        "/" + endpoint.RoutePattern.RawText!.TrimStart('/'),
        endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"],
        endpoint.Metadata.GetMetadata<RequiredRole>() is not null);

    /// <param name="value">What stands in place of a parameter, given with its braces.</param>
    public string Path(Func<string, string> value) => Parameter().Replace(Pattern, parameter => value(parameter.Value));

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Parameter();
}
