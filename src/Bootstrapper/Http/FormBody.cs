namespace Bootstrapper.Http;

/// <summary>The fields of a form, as a machine sends them: in any encoding of forms, and cut off wherever it likes.</summary>
internal static class FormBody
{
    /// <exception cref="BadHttpRequestException">It is larger than any that machines send, or broken.</exception>
    public static async Task<IFormCollection> ReadAsync(HttpContext context)
    {
        try
        {
            return await context.Request.ReadFormAsync(context.RequestAborted);
        }
        catch (Exception e) when (e is InvalidDataException or InvalidOperationException
            || (e is IOException and not BadHttpRequestException)) // the end of a multipart form is missing
        {
            throw new BadHttpRequestException($"invalid form: {e.Message}", e);
        }
    }
}
