using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Bootstrapper.Http.Machines;

/// <summary>Answers for boot clients. They print what they get or throw it away, so an error is one comment line.</summary>
internal static class BootAnswer
{
    public const string PlainText = "text/plain; charset=utf-8";

    private static readonly string[] ForPrograms = ["/api", "/admin", "/etcd"];

    public static ContentHttpResult Text(string content, string contentType = PlainText) =>
        TypedResults.Text(content, contentType, Encoding.UTF8);

    public static ContentHttpResult Error(int status, string reason) =>
        TypedResults.Text($"# {reason}\n", PlainText, Encoding.UTF8, status);

    /// <summary>An error in the form that the asker can read: RFC 9457 where programs of operators and install scripts ask.</summary>
    public static IResult ErrorFor(HttpContext context, int status, string reason) =>
        ForPrograms.Any(path => context.Request.Path.StartsWithSegments(path, StringComparison.Ordinal)) ? TypedResults.Problem(reason, statusCode: status) : Error(status, reason);
}
