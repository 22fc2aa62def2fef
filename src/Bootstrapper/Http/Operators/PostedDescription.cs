using System.Text;
using Bootstrapper.InForce;
using Microsoft.AspNetCore.Http.Features;

namespace Bootstrapper.Http.Operators;

/// <summary>
/// Which description a request is about: the one in its body, or with <c>?source=disk</c> the one on disk. A body that is empty
/// is a mistake, as of a script whose file was cut off, and stands for nothing.
/// </summary>
internal static class PostedDescription
{
    /// <summary>The one value of <c>source</c>.</summary>
    public const string Disk = "disk";

    /// <returns>Its text; <c>null</c> for the one on disk.</returns>
    /// <exception cref="BadHttpRequestException">
    /// It is empty, larger than any description, or no UTF-8; or it is not to be seen which one is meant.
    /// </exception>
    public static async Task<string?> ReadAsync(string? source, HttpContext context)
    {
        var text = await BodyAsync(context);
        return source switch
        {
            null => string.IsNullOrWhiteSpace(text)
                ? throw new BadHttpRequestException($"the body is empty: post a description, or say ?source={Disk}")
                : text,
            Disk => text.Length > 0
                ? throw new BadHttpRequestException($"source is {Disk}, and there is a body: expected one of the two")
                : null,
            _ => throw new BadHttpRequestException($"invalid source: expected {Disk}, or none and a description in the body"),
        };
    }

    private static async Task<string> BodyAsync(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = SnapshotLoader.LargestDescription;
        }

        using var reader = new StreamReader(context.Request.Body, new UTF8Encoding(false, throwOnInvalidBytes: true));
        try
        {
            return await reader.ReadToEndAsync(context.RequestAborted);
        }
        catch (DecoderFallbackException e)
        {
            throw new BadHttpRequestException("the description is not UTF-8: save it as UTF-8, or convert it with iconv", e);
        }
    }
}
