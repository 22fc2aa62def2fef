using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Bootstrapper.Http;

/// <summary>Answers for boot clients. They print what they get or throw it away, so an error is one comment line.</summary>
internal static class BootAnswer
{
    public const string PlainText = "text/plain; charset=utf-8";

    public static ContentHttpResult Text(string content, string contentType = PlainText) =>
        TypedResults.Text(content, contentType, Encoding.UTF8);

    public static ContentHttpResult Error(int status, string reason) =>
        TypedResults.Text($"# {reason}\n", PlainText, Encoding.UTF8, status);
}
