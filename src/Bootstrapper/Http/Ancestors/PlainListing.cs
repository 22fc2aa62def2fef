using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;

namespace Bootstrapper.Http.Ancestors;

/// <summary>What a directory holds, as matchbox lists it: one link on each line, a slash behind directories.</summary>
internal sealed class PlainListing : IDirectoryFormatter
{
    public Task GenerateContentAsync(HttpContext context, IEnumerable<IFileInfo> contents)
    {
        context.Response.ContentType = "text/html; charset=utf-8";
        var links = contents.Select(entry => entry.Name + (entry.IsDirectory ? "/" : ""))
            .Select(name => $"<a href=\"{AddressOf(name)}\">{HtmlEncoder.Default.Encode(name)}</a>\n");
        return context.Response.WriteAsync($"<pre>\n{string.Concat(links)}</pre>\n", Encoding.UTF8, context.RequestAborted);
    }

    private static string AddressOf(string name) => Uri.EscapeDataString(name).Replace("%2F", "/", StringComparison.Ordinal);
}
