"""Where staff answer complaints."""
