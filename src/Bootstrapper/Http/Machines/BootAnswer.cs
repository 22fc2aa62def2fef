using System.Globalization;
using System.Text;
using Bootstrapper.Inventory.Addresses;
using Bootstrapper.Model;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Bootstrapper.Http.Machines;

/// <summary>Answers for boot clients. They print what they get or throw it away, so an error is one comment line.</summary>
internal static class BootAnswer
{
    public const string PlainText = "text/plain; charset=utf-8";

    private static readonly string[] ForPrograms = ["/api", "/admin", "/etcd"];

    public static ContentHttpResult Text(string content, string contentType = PlainText, int? status = null) =>
        TypedResults.Text(content, contentType, Encoding.UTF8, status);

    /// <summary>For a shell.</summary>
    public static ContentHttpResult Script(string content) => Text(content, "text/x-shellscript; charset=utf-8");

    public static ContentHttpResult Error(int status, string reason) =>
        TypedResults.Text($"# {reason}\n", PlainText, Encoding.UTF8, status);

    /// <summary>For what may ask again, and cannot show a screen: why it is to wait, and for how long at the most.</summary>
    /// <param name="machine">What it is called.</param>
    public static ContentHttpResult Waiting(HttpContext context, string machine, Wait wait)
    {
        AskAgain(context, Wait.Pause);
        return Error(StatusCodes.Status503ServiceUnavailable, string.Join(' ', wait.Screen(machine)));
    }

    /// <summary>Tells when a machine that is refused for now may ask again.</summary>
    public static void AskAgain(HttpContext context, TimeSpan after) =>
        context.Response.Headers.RetryAfter = ((int)after.TotalSeconds).ToString(CultureInfo.InvariantCulture);

    /// <summary>
    /// Of who is denied, for good or for a moment. How a connection began does not change, so the next try is to come
    /// over a new one.
    /// </summary>
    public static int StatusOf(HttpContext context, Denial denial)
    {
        if (!denial.IsPassing)
        {
            return StatusCodes.Status403Forbidden;
        }

        AskAgain(context, TimeSpan.FromSeconds(5));
        context.Response.Headers.Connection = "close";
        return StatusCodes.Status503ServiceUnavailable;
    }

    /// <summary>
    /// An error in the form that the asker can read: RFC 9457 where programs of operators and install scripts ask.
    /// </summary>
    public static IResult ErrorFor(HttpContext context, int status, string reason) =>
        ForPrograms.Any(path => RequestPath.IsUnder(context.Request, path))
            ? TypedResults.Problem(reason, statusCode: status)
            : Error(status, reason);
}
