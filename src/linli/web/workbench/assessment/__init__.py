"""Assessment on screen: periods, figures opened to their records, consequences and objections."""
